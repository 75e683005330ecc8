/* SPDX-License-Identifier: MIT */
/* tusb_config.h - what TinyUSB is to be: one serial port, one pair of bulk endpoints, no heap */
#ifndef TUSB_CONFIG_H
#define TUSB_CONFIG_H

#define CFG_TUSB_RHPORT0_MODE OPT_MODE_DEVICE
#define CFG_TUD_ENABLED 1
#define CFG_TUD_ENDPOINT0_SIZE 64

#define CFG_TUD_CDC 1
#define CFG_TUD_VENDOR 1

/* What is in the transmit buffers is beyond the reach of the frame queue, which drops the oldest
 * first: so they hold a frame of 32 x 32 and little more. */
#define CFG_TUD_CDC_RX_BUFSIZE 256
#define CFG_TUD_CDC_TX_BUFSIZE 2048
#define CFG_TUD_CDC_EP_BUFSIZE 64

/* The bulk interface sends without a queue between: a message is copied once and goes as one
 * transfer of many packets. It receives a packet at a time. */
#define CFG_TUD_VENDOR_RX_BUFSIZE 64
#define CFG_TUD_VENDOR_TX_BUFSIZE 0
#define CFG_TUD_VENDOR_EPSIZE 2048

#endif
