/* SPDX-License-Identifier: MIT */
#include "usb_descriptors.h"

#include "tusb.h"

#include "usb_ids.h"

enum string_index {
    STRING_LANGUAGE = 0,
    STRING_MANUFACTURER = 1,
    STRING_PRODUCT = 2,
    STRING_SERIAL = 3,
    STRING_CDC = 4,
    STRING_BULK = 5,
    N_STRINGS = 6
};

enum {
    PACKET_BYTES = 64,
    NOTIFY_BYTES = 8,
    MAX_POWER_MA = 150,
    STRING_CHARS = 32,
    CONFIGURATION_BYTES = TUD_CONFIG_DESC_LEN + TUD_CDC_DESC_LEN + TUD_VENDOR_DESC_LEN,
    MS_OS_BYTES = 0xB2,
    BOS_BYTES = TUD_BOS_DESC_LEN + TUD_BOS_MICROSOFT_OS_DESC_LEN
};

static const char *strings[N_STRINGS] = {
    [STRING_MANUFACTURER] = THENAR_USB_MANUFACTURER,
    [STRING_CDC] = "Thenar link (serial)",
    [STRING_BULK] = "Thenar link (bulk)",
};

void usb_descriptors_init(const char *model, const char *serial)
{
    strings[STRING_PRODUCT] = model;
    strings[STRING_SERIAL] = serial;
}

static const tusb_desc_device_t device_descriptor = {
    .bLength = sizeof(tusb_desc_device_t),
    .bDescriptorType = TUSB_DESC_DEVICE,
    .bcdUSB = 0x0210, /* the least that may have a BOS */
    .bDeviceClass = TUSB_CLASS_MISC,
    .bDeviceSubClass = MISC_SUBCLASS_COMMON,
    .bDeviceProtocol = MISC_PROTOCOL_IAD,
    .bMaxPacketSize0 = CFG_TUD_ENDPOINT0_SIZE,
    .idVendor = USB_VENDOR_ID,
    .idProduct = USB_PRODUCT_ID,
    .bcdDevice = USB_RELEASE_BCD,
    .iManufacturer = STRING_MANUFACTURER,
    .iProduct = STRING_PRODUCT,
    .iSerialNumber = STRING_SERIAL,
    .bNumConfigurations = 1,
};

static const uint8_t configuration[] = {
    TUD_CONFIG_DESCRIPTOR(1, USB_N_INTERFACES, 0, CONFIGURATION_BYTES, 0, MAX_POWER_MA),
    TUD_CDC_DESCRIPTOR(USB_INTERFACE_CDC, STRING_CDC, USB_ENDPOINT_NOTIFY, NOTIFY_BYTES,
                       USB_ENDPOINT_CDC_OUT, USB_ENDPOINT_CDC_IN, PACKET_BYTES),
    TUD_VENDOR_DESCRIPTOR(USB_INTERFACE_BULK, STRING_BULK, USB_ENDPOINT_BULK_OUT,
                          USB_ENDPOINT_BULK_IN, PACKET_BYTES),
};
_Static_assert(sizeof configuration == CONFIGURATION_BYTES, "as long as it says");

static const uint8_t bos[] = {
    TUD_BOS_DESCRIPTOR(BOS_BYTES, 1),
    TUD_BOS_MS_OS_20_DESCRIPTOR(MS_OS_BYTES, USB_REQUEST_MS_OS),
};

/* Source: Microsoft OS 2.0 Descriptors Specification, tables 10 to 15. */
static const uint8_t ms_os[] = {
    /* set header: length, type, Windows 8.1, total length */
    U16_TO_U8S_LE(0x000A), U16_TO_U8S_LE(MS_OS_20_SET_HEADER_DESCRIPTOR), U32_TO_U8S_LE(0x06030000),
    U16_TO_U8S_LE(MS_OS_BYTES),
    /* configuration subset: length, type, configuration 0, reserved, length from here */
    U16_TO_U8S_LE(0x0008), U16_TO_U8S_LE(MS_OS_20_SUBSET_HEADER_CONFIGURATION), 0, 0,
    U16_TO_U8S_LE(MS_OS_BYTES - 0x0A),
    /* function subset: length, type, first interface, reserved, length from here */
    U16_TO_U8S_LE(0x0008), U16_TO_U8S_LE(MS_OS_20_SUBSET_HEADER_FUNCTION), USB_INTERFACE_BULK, 0,
    U16_TO_U8S_LE(MS_OS_BYTES - 0x0A - 0x08),
    /* compatible id: length, type, WINUSB, no sub-id */
    U16_TO_U8S_LE(0x0014), U16_TO_U8S_LE(MS_OS_20_FEATURE_COMPATBLE_ID), 'W', 'I', 'N', 'U', 'S',
    'B', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /* registry property: length, type, a list of texts, name's length, name */
    U16_TO_U8S_LE(MS_OS_BYTES - 0x0A - 0x08 - 0x08 - 0x14),
    U16_TO_U8S_LE(MS_OS_20_FEATURE_REG_PROPERTY), U16_TO_U8S_LE(0x0007), U16_TO_U8S_LE(0x002A), 'D',
    0, 'e', 0, 'v', 0, 'i', 0, 'c', 0, 'e', 0, 'I', 0, 'n', 0, 't', 0, 'e', 0, 'r', 0, 'f', 0, 'a',
    0, 'c', 0, 'e', 0, 'G', 0, 'U', 0, 'I', 0, 'D', 0, 's', 0, 0, 0,
    /* its length, and the interface's name for programs: {6d0c9d0f-0a52-4b3a-9a5e-5e7b1c2f8a14} */
    U16_TO_U8S_LE(0x0050), '{', 0, '6', 0, 'd', 0, '0', 0, 'c', 0, '9', 0, 'd', 0, '0', 0, 'f', 0,
    '-', 0, '0', 0, 'a', 0, '5', 0, '2', 0, '-', 0, '4', 0, 'b', 0, '3', 0, 'a', 0, '-', 0, '9', 0,
    'a', 0, '5', 0, 'e', 0, '-', 0, '5', 0, 'e', 0, '7', 0, 'b', 0, '1', 0, 'c', 0, '2', 0, 'f', 0,
    '8', 0, 'a', 0, '1', 0, '4', 0, '}', 0, 0, 0, 0, 0};
_Static_assert(sizeof ms_os == MS_OS_BYTES, "as long as it says");

const uint8_t *usb_descriptors_ms_os(uint16_t *n_bytes)
{
    *n_bytes = sizeof ms_os;
    return ms_os;
}

/* --- TinyUSB's callbacks ---------------------------------------------------------------------- */

const uint8_t *tud_descriptor_device_cb(void)
{
    return (const uint8_t *)&device_descriptor;
}

const uint8_t *tud_descriptor_configuration_cb(uint8_t index)
{
    (void)index;
    return configuration;
}

const uint8_t *tud_descriptor_bos_cb(void)
{
    return bos;
}

const uint16_t *tud_descriptor_string_cb(uint8_t index, uint16_t language)
{
    static uint16_t text[1 + STRING_CHARS]; /* read by TinyUSB until the transfer is over */
    (void)language;
    uint8_t n_chars = 0;
    if (index == STRING_LANGUAGE) {
        text[1] = 0x0409; /* English (United States) */
        n_chars = 1;
    } else if (index < N_STRINGS && strings[index]) {
        for (const char *c = strings[index]; *c && n_chars < STRING_CHARS; c++)
            text[1 + n_chars++] = (uint8_t)*c;
    } else {
        return NULL;
    }
    text[0] = (uint16_t)(TUSB_DESC_STRING << 8 | (2 * n_chars + 2));
    return text;
}
