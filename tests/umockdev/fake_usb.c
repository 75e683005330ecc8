/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_usb.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <umockdev.h>
#include <unistd.h>

#include "link/usb_identity.h"

enum { INTERFACE = 2, ENDPOINT_IN = 0x83, SETUP_BYTES = 8, URBS_MAX = 128 };

/* The firmware's own (firmware/port/rp2040/usb_descriptors.c): a serial port and two bulk endpoints
 * in interface 2. */
#define DESCRIPTORS                                                            \
    "12011002EF0201400912010000010102030109026200030100804B"                   \
    "080B00020202000009040000010202000405240020010524010001042402060524060001" \
    "07058103080010090401000"                                                  \
    "20A00000007050202400000070582024000000904020002FF00000507050302400000"    \
    "07058302400000"

struct urb {
    gsize address; /* in the client */
    UMockdevIoctlData *urb, *buffer;
    int type, endpoint;
    size_t n_space;
};

struct fake_usb {
    struct fake_usb_options options;
    char sysfs[80], node[32];
    int tty; /* N of /dev/ttyACMN; -1: none */
    UMockdevIoctlBase *handler;
    pthread_mutex_t lock;
    bool is_unplugged, is_claimed_elsewhere;
    unsigned n_hosts, n_leavings;
    int link_fd; /* of the firmware; -1: no host is there */
    pid_t firmware;
    struct urb reading[URBS_MAX], done[URBS_MAX];
    unsigned n_reading, n_done;
};

static UMockdevTestbed *testbed;

static void must(bool good, const char *what)
{
    if (good)
        return;
    (void)fprintf(stderr, "fake_usb: %s: %s\n", what, strerror(errno));
    abort();
}

static void *serve(void *unused)
{
    for (;;)
        g_main_context_iteration(NULL, TRUE);
    return unused;
}

void fake_usb_init(void)
{
    pthread_t thread;
    const char *preload = getenv("LD_PRELOAD");
    must(preload && strstr(preload, "umockdev"), "run this under umockdev-wrapper");
    testbed = umockdev_testbed_new();
    must(pthread_create(&thread, NULL, serve, NULL) == 0, "thread");
}

/* ---- the firmware behind it ---- */

static void name_socket(const struct fake_usb *device, struct sockaddr_un *address, socklen_t *n)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    int length = snprintf(address->sun_path + 1, sizeof address->sun_path - 1, "thenar-fake-%d-%s",
                          (int)getpid(), device->options.serial);
    *n = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
}

static void start_firmware(struct fake_usb *device)
{
    struct sockaddr_un address;
    socklen_t n;
    char listen[128];
    name_socket(device, &address, &n);
    (void)snprintf(listen, sizeof listen, "@%s", address.sun_path + 1);
    device->firmware = fork();
    must(device->firmware >= 0, "fork");
    if (device->firmware == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* even if a test fails */
        (void)unsetenv("LD_PRELOAD");           /* it is no part of the made-up machine */
        (void)execl(THENAR_VIRTUAL, THENAR_VIRTUAL, "glove16", "--serial", device->options.serial,
                    "--listen", listen, (char *)NULL);
        _exit(127);
    }
    for (int tries = 0; tries < 200; tries++) { /* until it listens */
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(fd, (struct sockaddr *)&address, n) == 0) {
            close(fd);
            return;
        }
        close(fd);
        (void)poll(NULL, 0, 10);
    }
    must(false, "thenar-virtual does not listen");
}

static void connect_firmware(struct fake_usb *device)
{
    struct sockaddr_un address;
    socklen_t n;
    name_socket(device, &address, &n);
    device->link_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(connect(device->link_fd, (struct sockaddr *)&address, n) == 0, "connect");
}

static void disconnect_firmware(struct fake_usb *device)
{
    if (device->link_fd >= 0)
        close(device->link_fd);
    device->link_fd = -1;
}

/* ---- transfers ---- */

static void forget(struct urb *urb)
{
    umockdev_ioctl_data_unref(urb->urb);
    umockdev_ioctl_data_unref(urb->buffer);
}

static void finish_urb(struct fake_usb *device, struct urb *urb, int status, int n_bytes)
{
    gsize at_length = offsetof(struct usbdevfs_urb, actual_length);
    gsize at_status = offsetof(struct usbdevfs_urb, status);
    umockdev_ioctl_data_update(urb->urb, at_length, (guint8 *)&n_bytes, sizeof n_bytes);
    umockdev_ioctl_data_update(urb->urb, at_status, (guint8 *)&status, sizeof status);
    must(device->n_done < URBS_MAX, "urbs");
    device->done[device->n_done++] = *urb;
}

static struct urb take_first(struct urb *urbs, unsigned *n, unsigned at)
{
    struct urb taken = urbs[at];
    memmove(urbs + at, urbs + at + 1, (--*n - at) * sizeof *urbs);
    return taken;
}

/* What the firmware has sent goes to the oldest transfer that waits. */
static void read_firmware(struct fake_usb *device)
{
    uint8_t bytes[4096];
    while (device->n_reading > 0 && device->link_fd >= 0) {
        size_t n_space = device->reading[0].n_space;
        ssize_t n = recv(device->link_fd, bytes, n_space, MSG_DONTWAIT);
        if (n <= 0)
            return;
        struct urb urb = take_first(device->reading, &device->n_reading, 0);
        umockdev_ioctl_data_update(urb.buffer, 0, bytes, (gint)n);
        finish_urb(device, &urb, 0, (int)n);
    }
}

static void fail_reading(struct fake_usb *device, int status)
{
    while (device->n_reading > 0) {
        struct urb urb = take_first(device->reading, &device->n_reading, 0);
        finish_urb(device, &urb, status, 0);
    }
}

static int serve_control(struct fake_usb *device, const uint8_t *setup)
{
    unsigned value = setup[2] + 256U * setup[3], index = setup[4] + 256U * setup[5];
    if (setup[0] != 0x41 || setup[1] != THENAR_USB_REQUEST_HOST || index != INTERFACE)
        return -EPIPE;
    disconnect_firmware(device);
    if (value == 1) {
        device->n_hosts++;
        connect_firmware(device);
    } else {
        device->n_leavings++;
    }
    return 0;
}

static int submit(struct fake_usb *device, UMockdevIoctlData *argument)
{
    struct urb urb = {0};
    guint8 *bytes;
    gint n;
    if (device->is_unplugged)
        return ENODEV;
    umockdev_ioctl_data_retrieve(argument, &bytes, &n);
    memcpy(&urb.address, bytes, sizeof urb.address);
    g_free(bytes);
    urb.urb = umockdev_ioctl_data_resolve(argument, 0, sizeof(struct usbdevfs_urb), NULL);
    must(urb.urb != NULL, "urb");
    umockdev_ioctl_data_retrieve(urb.urb, &bytes, &n);
    const struct usbdevfs_urb *head = (const void *)bytes;
    urb.type = head->type;
    urb.endpoint = head->endpoint;
    urb.n_space = (size_t)head->buffer_length;
    g_free(bytes);
    urb.buffer = umockdev_ioctl_data_resolve(urb.urb, offsetof(struct usbdevfs_urb, buffer),
                                             urb.n_space, NULL);
    if (urb.endpoint == ENDPOINT_IN) {
        must(device->n_reading < URBS_MAX, "urbs");
        device->reading[device->n_reading++] = urb;
        return 0;
    }
    umockdev_ioctl_data_retrieve(urb.buffer, &bytes, &n);
    if (urb.type == USBDEVFS_URB_TYPE_CONTROL)
        finish_urb(device, &urb, n >= SETUP_BYTES ? serve_control(device, bytes) : -EPIPE, 0);
    else
        finish_urb(device, &urb, 0,
                   (int)send(device->link_fd, bytes, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT));
    g_free(bytes);
    return 0;
}

static int reap(struct fake_usb *device, UMockdevIoctlData *argument)
{
    read_firmware(device);
    if (device->n_done == 0)
        return device->is_unplugged ? ENODEV : EAGAIN;
    struct urb urb = take_first(device->done, &device->n_done, 0);
    UMockdevIoctlData *pointer = umockdev_ioctl_data_resolve(argument, 0, sizeof(void *), NULL);
    must(pointer && umockdev_ioctl_data_set_ptr(pointer, 0, urb.urb), "reap");
    umockdev_ioctl_data_unref(pointer);
    forget(&urb);
    return 0;
}

static int discard(struct fake_usb *device, UMockdevIoctlData *argument)
{
    guint8 *bytes;
    gint n;
    gsize address;
    umockdev_ioctl_data_retrieve(argument, &bytes, &n);
    memcpy(&address, bytes, sizeof address);
    g_free(bytes);
    for (unsigned i = 0; i < device->n_reading; i++)
        if (device->reading[i].address == address) {
            struct urb urb = take_first(device->reading, &device->n_reading, i);
            finish_urb(device, &urb, -ENOENT, 0);
            return 0;
        }
    return device->is_unplugged ? ENODEV : EINVAL;
}

static int claim(struct fake_usb *device)
{
    if (device->is_unplugged)
        return ENODEV;
    return device->is_claimed_elsewhere ? EBUSY : 0;
}

static int capabilities(UMockdevIoctlData *argument)
{
    unsigned able =
        USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_BULK_CONTINUATION;
    UMockdevIoctlData *data = umockdev_ioctl_data_resolve(argument, 0, sizeof able, NULL);
    must(data != NULL, "capabilities");
    umockdev_ioctl_data_update(data, 0, (guint8 *)&able, sizeof able);
    umockdev_ioctl_data_unref(data);
    return 0;
}

static gboolean on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer user)
{
    struct fake_usb *device = user;
    UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg(client);
    int reason = ENOTTY;
    (void)base;
    pthread_mutex_lock(&device->lock);
    switch (umockdev_ioctl_client_get_request(client)) {
    case USBDEVFS_GET_CAPABILITIES:
        reason = capabilities(argument);
        break;
    case USBDEVFS_CLAIMINTERFACE:
    case USBDEVFS_DISCONNECT_CLAIM:
        reason = claim(device);
        break;
    case USBDEVFS_RELEASEINTERFACE:
        disconnect_firmware(device);
        reason = 0;
        break;
    case USBDEVFS_GETDRIVER:
        reason = ENODATA;
        break;
    case USBDEVFS_SUBMITURB:
        reason = submit(device, argument);
        break;
    case USBDEVFS_REAPURB:
    case USBDEVFS_REAPURBNDELAY:
        reason = reap(device, argument);
        break;
    case USBDEVFS_DISCARDURB:
        reason = discard(device, argument);
        break;
    default:
        break;
    }
    pthread_mutex_unlock(&device->lock);
    umockdev_ioctl_client_complete(client, reason ? -1 : 0, reason);
    return TRUE;
}

/* ---- plugging ---- */

static void describe(const struct fake_usb *device, char *text, size_t n_space)
{
    const struct fake_usb_options *o = &device->options;
    const char *manufacturer = o->manufacturer ? o->manufacturer : THENAR_USB_MANUFACTURER;
    int used = snprintf(text, n_space,
                        "P: %s\nN: bus/usb/001/%03d\nE: BUSNUM=001\nE: DEVNUM=%03d\n"
                        "E: DEVNAME=/dev/bus/usb/001/%03d\nE: DEVTYPE=usb_device\n"
                        "E: SUBSYSTEM=usb\nE: PRODUCT=1209/1/100\nA: busnum=1\nA: devnum=%d\n"
                        "A: devpath=%d\nA: speed=12\nA: idVendor=1209\nA: idProduct=0001\n"
                        "A: bcdDevice=0100\nA: bConfigurationValue=1\nA: bNumConfigurations=1\n"
                        "A: manufacturer=%s\nA: product=glove16\nA: serial=%s\n"
                        "H: descriptors=" DESCRIPTORS "\n\n",
                        device->sysfs, o->address, o->address, o->address, o->address, o->port,
                        manufacturer, o->serial);
    if (device->tty >= 0)
        (void)snprintf(text + used, n_space - (size_t)used,
                       "P: %s/1-%d:1.0\nE: DEVTYPE=usb_interface\nE: SUBSYSTEM=usb\n"
                       "E: INTERFACE=2/2/0\nA: bInterfaceNumber=00\n\n"
                       "P: %s/1-%d:1.0/tty/ttyACM%d\nN: ttyACM%d\nE: DEVNAME=/dev/ttyACM%d\n"
                       "E: SUBSYSTEM=tty\nE: MAJOR=166\nE: MINOR=%d\nA: dev=166:%d\n"
                       "L: device=../../../1-%d:1.0\n\n",
                       device->sysfs, o->port, device->sysfs, o->port, device->tty, device->tty,
                       device->tty, device->tty, device->tty, o->port);
}

struct fake_usb *fake_usb_plug(const struct fake_usb_options *options)
{
    struct fake_usb *device = calloc(1, sizeof *device);
    char text[4096];
    GError *error = NULL;
    must(device != NULL, "memory");
    device->options = *options;
    static int next_tty; /* umockdev makes each only once */
    device->tty = options->has_tty ? next_tty++ : -1;
    device->link_fd = -1;
    pthread_mutex_init(&device->lock, NULL);
    (void)snprintf(device->sysfs, sizeof device->sysfs,
                   "/devices/pci0000:00/0000:00:14.0/usb1/1-%d", options->port);
    (void)snprintf(device->node, sizeof device->node, "/dev/bus/usb/001/%03d", options->address);
    start_firmware(device);
    describe(device, text, sizeof text);
    if (!umockdev_testbed_add_from_string(testbed, text, &error))
        must(false, error->message);
    device->handler = g_object_new(umockdev_ioctl_base_get_type(), NULL);
    g_signal_connect(device->handler, "handle-ioctl", G_CALLBACK(on_ioctl), device);
    if (!umockdev_testbed_attach_ioctl(testbed, device->node, device->handler, &error))
        must(false, error->message);
    return device;
}

void fake_usb_unplug(struct fake_usb *device)
{
    const struct fake_usb_options *o = &device->options;
    char path[160];
    pthread_mutex_lock(&device->lock);
    device->is_unplugged = true;
    disconnect_firmware(device);
    fail_reading(device, -ESHUTDOWN);
    pthread_mutex_unlock(&device->lock);
    if (device->tty >= 0) {
        (void)snprintf(path, sizeof path, "/sys%s/1-%d:1.0/tty/ttyACM%d", device->sysfs, o->port,
                       device->tty);
        umockdev_testbed_remove_device(testbed, path);
        (void)snprintf(path, sizeof path, "/sys%s/1-%d:1.0", device->sysfs, o->port);
        umockdev_testbed_remove_device(testbed, path);
    }
    (void)snprintf(path, sizeof path, "/sys%s", device->sysfs);
    umockdev_testbed_remove_device(testbed, path);
    /* Whoever has it open still gets answers: those of a device that has left. */
    (void)umockdev_testbed_detach_ioctl(testbed, device->node, NULL);
    kill(device->firmware, SIGKILL);
    (void)waitpid(device->firmware, NULL, 0);
}

void fake_usb_claim_elsewhere(struct fake_usb *device, bool claimed)
{
    pthread_mutex_lock(&device->lock);
    device->is_claimed_elsewhere = claimed;
    pthread_mutex_unlock(&device->lock);
}

unsigned fake_usb_n_hosts(const struct fake_usb *device)
{
    return device->n_hosts;
}

unsigned fake_usb_n_leavings(const struct fake_usb *device)
{
    return device->n_leavings;
}

void fake_usb_permit(struct fake_usb *device, bool permitted)
{
    gchar *folder = umockdev_testbed_get_root_dir(testbed);
    char path[160];
    /* umockdev's own files, which are ours alone: it would end a program that cannot reach them. */
    (void)snprintf(path, sizeof path, "%s/ioctl%s", folder, device->node);
    must(chmod(folder, 0755) == 0 && chmod(path, 0777) == 0, path);
    g_free(folder);
    must(chmod(device->node, permitted ? 0666 : 0) == 0, device->node);
}
