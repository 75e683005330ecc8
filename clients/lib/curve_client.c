/* SPDX-License-Identifier: MIT */
#include "curve_client.h"

#include <zmq.h>

#include "feed/key_folder.h"
#include "feed/socket_address.h"

static enum thenar_status apply(void *socket, const struct thenar_curve_key *own,
                                const struct thenar_curve_key *daemon, const char *host,
                                struct thenar_error *error)
{
    if (!zmq_has("curve"))
        return thenar_fail(error, THENAR_ERR_UNSUPPORTED,
                           "%s has a key, but the ZeroMQ library here was built without CURVE",
                           host);
    if (zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, daemon->public_z85, THENAR_Z85_BYTES) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, own->public_z85, THENAR_Z85_BYTES) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, own->secret_z85, THENAR_Z85_BYTES) != 0)
        return thenar_fail(error, THENAR_ERR_VALUE, "the keys for %s are none that ZeroMQ takes",
                           host);
    return THENAR_OK;
}

enum thenar_status curve_client_prepare(void *socket, const char *address,
                                        struct thenar_error *error)
{
    char host[THENAR_HOST_BYTES], folder[THENAR_KEY_PATH_BYTES];
    struct thenar_curve_key own, daemon;
    if (!thenar_address_host(address, host))
        return THENAR_OK; /* ipc and inproc stay on this machine; a mistake is zmq_connect's */
    thenar_key_folder_default(folder);
    enum thenar_status status = thenar_key_folder_host(folder, host, &daemon, error);
    if (status == THENAR_ERR_ABSENT && thenar_host_is_loopback(host))
        return THENAR_OK;
    if (status == THENAR_ERR_ABSENT)
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "%s is another machine, and its key is not known: copy own.key from its "
                           "folder of keys and run 'thenar keys trust %s own.key'",
                           host, host);
    if (status == THENAR_OK)
        status = thenar_key_folder_own(folder, &own, error);
    return status == THENAR_OK ? apply(socket, &own, &daemon, host, error) : status;
}
