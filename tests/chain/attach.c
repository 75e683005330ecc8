/* SPDX-License-Identifier: GPL-3.0-or-later */
/* attach ADDRESS PORT [N] - import device 1-1 of a USB/IP server, give it to vhci_hcd's port N, or
 * 0
 *
 * Protocol: the kernel's Documentation/usb/usbip_protocol.rst. Runs in the guest. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_BYTES = 40, REPLY_BYTES = 320, DEVICE_ID = 1 << 16 | 2, FULL_SPEED = 2 };

static int fail(const char *what)
{
    perror(what);
    return 1;
}

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 4)
        return 2;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)strtoul(argv[2], NULL, 10))};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    if (inet_aton(argv[1], &address.sin_addr) == 0 ||
        connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        return fail("connect");
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const uint8_t request[REQUEST_BYTES] = {1, 0x11, 0x80, 3, 0, 0, 0, 0, '1', '-', '1'};
    uint8_t reply[REPLY_BYTES];
    if (write(fd, request, sizeof request) != sizeof request)
        return fail("request");
    for (size_t n = 0; n < sizeof reply;) {
        ssize_t now = read(fd, reply + n, sizeof reply - n);
        if (now <= 0)
            return fail("reply");
        n += (size_t)now;
    }
    char line[64];
    int n = snprintf(line, sizeof line, "%s %d %d %d", argc == 4 ? argv[3] : "0", fd, DEVICE_ID,
                     FULL_SPEED);
    int attach = open("/sys/devices/platform/vhci_hcd.0/attach", O_WRONLY);
    return attach >= 0 && write(attach, line, (size_t)n) == n ? 0 : fail("attach");
}
