/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "certificate_command.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli_command.h"
#include "cli_options.h"

/* Browsers refuse certificates of servers that last longer than 825 days (Apple, since 2019). */
enum { AUTHORITY_DAYS = 3650, SERVER_DAYS = 820, PATH_BYTES = 4096, NAMES_BYTES = 1024 };

struct pair {
    EVP_PKEY *key;
    X509 *certificate;
};

static void pair_finish(struct pair *pair)
{
    EVP_PKEY_free(pair->key);
    X509_free(pair->certificate);
}

static bool add_extension(X509 *certificate, const X509 *issuer, int kind, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, (X509 *)issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    bool is_added = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return is_added;
}

/* A new certificate with its key, not signed yet: name, serial, dates. */
static bool begin(struct pair *pair, const char *common_name, int days)
{
    unsigned char serial[16];
    pair->key = EVP_EC_gen("P-256");
    pair->certificate = X509_new();
    if (!pair->key || !pair->certificate || RAND_bytes(serial, sizeof serial) != 1)
        return false;
    serial[0] &= 0x7f; /* RFC 5280, 4.1.2.2: positive, at most 20 octets */
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    X509_NAME *name = X509_get_subject_name(pair->certificate);
    bool is_good = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pair->certificate)) &&
                   X509_set_version(pair->certificate, X509_VERSION_3) == 1 &&
                   X509_gmtime_adj(X509_getm_notBefore(pair->certificate), -3600) &&
                   X509_time_adj_ex(X509_getm_notAfter(pair->certificate), days, 0, NULL) &&
                   X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                              (const unsigned char *)common_name, -1, -1, 0) == 1 &&
                   X509_set_pubkey(pair->certificate, pair->key) == 1;
    BN_free(number);
    return is_good;
}

static bool make_authority(struct pair *authority)
{
    return begin(authority, "Thenar of this school", AUTHORITY_DAYS) &&
           X509_set_issuer_name(authority->certificate,
                                X509_get_subject_name(authority->certificate)) == 1 &&
           add_extension(authority->certificate, authority->certificate, NID_basic_constraints,
                         "critical,CA:TRUE,pathlen:0") &&
           add_extension(authority->certificate, authority->certificate, NID_key_usage,
                         "critical,keyCertSign,cRLSign") &&
           add_extension(authority->certificate, authority->certificate, NID_subject_key_identifier,
                         "hash") &&
           X509_sign(authority->certificate, authority->key, EVP_sha256()) > 0;
}

/* "DNS:thenar.local,IP:192.0.2.7" from the names of the command line. */
static bool alternative_names(char *const *names, size_t n_names, char text[static NAMES_BYTES])
{
    size_t n_text = 0;
    unsigned char address[16];
    for (size_t i = 0; i < n_names; i++) {
        bool is_address = inet_pton(AF_INET, names[i], address) == 1 ||
                          inet_pton(AF_INET6, names[i], address) == 1;
        /* What a host name is made of (RFC 1123); a comma would smuggle in another entry. */
        if (!is_address &&
            (!names[i][0] ||
             names[i][strspn(names[i],
                             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-*")]))
            return false;
        n_text += (size_t)snprintf(text + n_text, NAMES_BYTES - n_text, "%s%s:%s", i ? "," : "",
                                   is_address ? "IP" : "DNS", names[i]);
        if (n_text >= NAMES_BYTES)
            return false;
    }
    return true;
}

static bool make_server(struct pair *server, const struct pair *authority, const char *common_name,
                        const char *names)
{
    return begin(server, common_name, SERVER_DAYS) &&
           X509_set_issuer_name(server->certificate,
                                X509_get_subject_name(authority->certificate)) == 1 &&
           add_extension(server->certificate, authority->certificate, NID_basic_constraints,
                         "critical,CA:FALSE") &&
           add_extension(server->certificate, authority->certificate, NID_key_usage,
                         "critical,digitalSignature") &&
           add_extension(server->certificate, authority->certificate, NID_ext_key_usage,
                         "serverAuth") &&
           add_extension(server->certificate, authority->certificate, NID_authority_key_identifier,
                         "keyid") &&
           add_extension(server->certificate, authority->certificate, NID_subject_alt_name,
                         names) &&
           X509_sign(server->certificate, authority->key, EVP_sha256()) > 0;
}

/* ---- files */

static FILE *open_file(const char *folder, const char *name, const char *mode, mode_t bits)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd =
        open(path, mode[0] == 'r' ? O_RDONLY | O_CLOEXEC : O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
             bits);
    return fd < 0 ? NULL : fdopen(fd, mode);
}

static bool read_pair(const char *folder, const char *key, const char *certificate,
                      struct pair *pair)
{
    FILE *file = open_file(folder, key, "r", 0);
    pair->key = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
    if (file)
        (void)fclose(file);
    file = open_file(folder, certificate, "r", 0);
    pair->certificate = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;
    if (file)
        (void)fclose(file);
    return pair->key && pair->certificate &&
           X509_check_private_key(pair->certificate, pair->key) == 1;
}

static bool write_pair(const char *folder, const char *key, const char *certificate,
                       const struct pair *pair)
{
    FILE *file = open_file(folder, key, "w", 0600);
    bool is_good = file && PEM_write_PrivateKey(file, pair->key, NULL, NULL, 0, NULL, NULL) == 1;
    is_good = file && fclose(file) == 0 && is_good;
    file = is_good ? open_file(folder, certificate, "w", 0644) : NULL;
    is_good = file && PEM_write_X509(file, pair->certificate) == 1;
    return file && fclose(file) == 0 && is_good;
}

static bool is_there(const char *folder, const char *name)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

/* The school's authority: made once, then used again. */
static int find_authority(const struct option_table *table, const char *folder,
                          struct pair *authority)
{
    if (is_there(folder, "authority.key") || is_there(folder, "authority.crt")) {
        if (read_pair(folder, "authority.key", "authority.crt", authority))
            return EXIT_DONE;
        (void)options_fail(table,
                           "%s: authority.key and authority.crt are there but do not belong "
                           "together; move both away to begin anew",
                           folder);
        return EXIT_FAILED;
    }
    if (make_authority(authority) &&
        write_pair(folder, "authority.key", "authority.crt", authority))
        return EXIT_DONE;
    (void)options_fail(table, "%s: the authority cannot be made: %s", folder, strerror(errno));
    return EXIT_FAILED;
}

static int make_all(const struct option_table *table, const char *folder, char *const *names,
                    const char *alternatives)
{
    struct pair authority = {0}, server = {0};
    int code = find_authority(table, folder, &authority);
    if (code == EXIT_DONE && !(make_server(&server, &authority, names[0], alternatives) &&
                               write_pair(folder, "gateway.key", "gateway.crt", &server))) {
        (void)options_fail(table, "%s: the certificate cannot be made: %s", folder,
                           strerror(errno));
        code = EXIT_FAILED;
    }
    pair_finish(&authority);
    pair_finish(&server);
    if (code == EXIT_DONE)
        printf("Put %s/authority.crt on each tablet, once. Then:\n"
               "  thenar-web --address 0.0.0.0 --certificate %s/gateway.crt --key %s/gateway.key "
               "--accounts FILE\n"
               "Keep authority.key to yourself: who has it can pretend to be any address.\n",
               folder, folder, folder);
    return code;
}

int certificate_command(int argc, char **argv)
{
    const char *folder = ".";
    char alternatives[NAMES_BYTES];
    const struct option_row rows[] = {
        {"out", OPTION_TEXT, &folder, "FOLDER", "where the files go (here)", 0, 0},
    };
    const struct option_table table = {
        .command = "certificate",
        .arguments = "NAME...",
        .summary = "Makes a certificate for the names and addresses under which tablets reach the "
                   "gateway,\nand, the first time, an authority of the school's own that signs it.",
        .rows = rows,
        .n_rows = sizeof rows / sizeof *rows,
    };
    struct options_result result;
    int code = options_read(&table, argc, argv, &result);
    if (code >= 0)
        return code;
    if (result.n_operands == 0)
        return options_fail(&table, "say at least one name or address, as in 'thenar.local "
                                    "192.168.1.20'");
    if (!alternative_names(result.operands, result.n_operands, alternatives))
        return options_fail(&table, "one of the names is neither a host name nor an address");
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        (void)options_fail(&table, "%s: %s", folder, strerror(errno));
        return EXIT_FAILED;
    }
    return make_all(&table, folder, result.operands, alternatives);
}
