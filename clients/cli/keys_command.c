/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keys: this machine's key, the daemons that it knows, the viewers that it lets in */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "cli_command.h"
#include "cli_options.h"
#include "feed/key_folder.h"

struct keys_call {
    const struct option_table *table;
    const char *folder, *name;
    char **operands; /* [n_operands] behind the action */
    size_t n_operands;
};

static int fail(const char *path, const char *why)
{
    (void)fprintf(stderr, "thenar keys: %s: %s\n", path, why);
    return EXIT_FAILED;
}

static bool join(char *path, const struct keys_call *call, const char *part, const char *name,
                 const char *ending)
{
    int n = snprintf(path, THENAR_KEY_PATH_BYTES, "%s/%s%s%s", call->folder, part, name, ending);
    return n > 0 && n < THENAR_KEY_PATH_BYTES;
}

/* All folders of a path, for their owner alone. */
static bool make_folders(const char *path)
{
    char part[THENAR_KEY_PATH_BYTES];
    for (const char *slash = path; (slash = strchr(slash + 1, '/'));) {
        (void)snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return false;
    }
    return true;
}

/* @param is_new  refuse to write over what is there */
static int write_key(const char *path, const struct thenar_curve_key *key, bool is_new)
{
    char text[THENAR_KEY_TEXT_BYTES];
    thenar_curve_key_encode(key, text);
    mode_t mode = key->secret_z85[0] ? 0600 : 0644;
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (is_new ? O_EXCL : O_TRUNC);
    int fd = make_folders(path) ? open(path, flags, mode) : -1;
    if (fd < 0)
        return fail(path, strerror(errno));
    bool is_written = write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fsync(fd) == 0;
    int reason = errno;
    return close(fd) == 0 && is_written ? EXIT_DONE : fail(path, strerror(reason));
}

static int make(const struct keys_call *call)
{
    char secret[THENAR_KEY_PATH_BYTES], open_half[THENAR_KEY_PATH_BYTES];
    struct thenar_curve_key key;
    if (call->n_operands > 0)
        return options_fail(call->table, "make takes no name: a machine has one key");
    if (!join(secret, call, "own", "", ".key_secret") || !join(open_half, call, "own", "", ".key"))
        return fail(call->folder, "the path is too long");
    if (access(secret, F_OK) == 0)
        return fail(secret, "this machine has a key already. To have a new one, remove this file; "
                            "every machine that knows the old one must be told then");
    if (zmq_curve_keypair(key.public_z85, key.secret_z85) != 0)
        return fail("libzmq", "built without CURVE; Debian's libzmq5 has it");
    int code = write_key(secret, &key, true);
    key.secret_z85[0] = '\0';
    if (code == EXIT_DONE)
        code = write_key(open_half, &key, false);
    if (code == EXIT_DONE)
        printf("%s\n  made: this machine's secret key. It stays here.\n%s\n  its public half, %s:\n"
               "  give it to the machines that this one talks with.\n",
               secret, open_half, key.public_z85);
    return code;
}

/* What a name becomes part of a path with. */
static bool is_plain(const char *name)
{
    size_t n = strlen(name);
    return n > 0 && n < THENAR_KEY_NAME_BYTES - 8 && name[0] != '.' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-") == n;
}

/* Copy the public half of a file into a folder, under a name. */
static int keep(const struct keys_call *call, const char *part, const char *name, const char *file,
                char *path)
{
    struct thenar_curve_key key;
    struct thenar_error error;
    if (!is_plain(name))
        return options_fail(call->table, "'%s' cannot be a name here: letters, digits, . _ : -",
                            name);
    if (thenar_key_read(file, &key, &error) != THENAR_OK) {
        (void)fprintf(stderr, "thenar keys: %s\n", error.text);
        return EXIT_FAILED;
    }
    if (key.secret_z85[0])
        (void)fprintf(stderr,
                      "thenar keys: %s holds a secret key, which should not leave its machine; "
                      "only the public half is kept. Next time give own.key\n",
                      file);
    key.secret_z85[0] = '\0';
    if (!join(path, call, part, name, ".key"))
        return fail(call->folder, "the path is too long");
    return write_key(path, &key, false);
}

static int allow(const struct keys_call *call)
{
    char path[THENAR_KEY_PATH_BYTES], base[THENAR_KEY_NAME_BYTES];
    if (call->n_operands != 1)
        return options_fail(call->table, "whom? thenar keys allow FILE [--name NAME]");
    const char *file = call->operands[0], *slash = strrchr(file, '/');
    (void)snprintf(base, sizeof base, "%.200s", slash ? slash + 1 : file);
    base[strcspn(base, ".")] = '\0';
    int code = keep(call, "allowed/", call->name ? call->name : base, file, path);
    if (code == EXIT_DONE)
        printf("%s\n  may connect to the thenard that is given --keys %s, from now on\n", path,
               call->folder);
    return code;
}

static int trust(const struct keys_call *call)
{
    char path[THENAR_KEY_PATH_BYTES];
    if (call->n_operands != 2)
        return options_fail(call->table, "which daemon? thenar keys trust HOST FILE, as in "
                                         "thenar keys trust 192.168.1.23 table3.key");
    int code = keep(call, "hosts/", call->operands[0], call->operands[1], path);
    if (code == EXIT_DONE)
        printf("%s\n  feed and control of tcp://%s:PORT are encrypted from now on\n", path,
               call->operands[0]);
    return code;
}

static void list_folder(const struct keys_call *call, const char *part, const char *title,
                        const char *if_none)
{
    char path[THENAR_KEY_PATH_BYTES];
    struct dirent **files = NULL;
    struct thenar_curve_key key;
    struct thenar_error error;
    unsigned n_listed = 0;
    int n_files = join(path, call, part, "", "") ? scandir(path, &files, NULL, alphasort) : 0;
    printf("%s\n", title);
    for (int i = 0; i < n_files; i++) {
        const char *name = files[i]->d_name, *ending = strrchr(name, '.');
        if (name[0] != '.' && ending && strcmp(ending, ".key") == 0 &&
            join(path, call, part, name, "")) {
            bool is_good = thenar_key_read(path, &key, &error) == THENAR_OK;
            printf("  %-24.*s %s\n", (int)(ending - name), name,
                   is_good ? key.public_z85 : error.text);
            n_listed++;
        }
        free(files[i]);
    }
    free(files);
    if (n_listed == 0)
        printf("  %s\n", if_none);
}

static int list(const struct keys_call *call)
{
    struct thenar_curve_key key;
    struct thenar_error error;
    if (call->n_operands > 0)
        return options_fail(call->table, "what is '%s'? list takes nothing more",
                            call->operands[0]);
    enum thenar_status status = thenar_key_folder_own(call->folder, &key, &error);
    printf("%s\nthis machine\n  %-24s %s\n", call->folder, "own",
           status == THENAR_OK ? key.public_z85 : error.text);
    list_folder(call, "hosts/", "daemons that are known (hosts)",
                "none; thenar keys trust HOST FILE");
    list_folder(call, "allowed/", "viewers that a daemon here lets in (allowed)",
                "none; thenar keys allow FILE");
    return EXIT_DONE;
}

int keys_command(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*execute)(const struct keys_call *call);
    } actions[] = {{"make", make}, {"allow", allow}, {"trust", trust}, {"list", list}};
    char usual[THENAR_KEY_PATH_BYTES];
    thenar_key_folder_default(usual);
    struct keys_call call = {.folder = usual};
    const struct option_row rows[] = {
        {"keys", OPTION_TEXT, &call.folder, "DIR", "folder of keys (else THENAR_KEYS, else yours)",
         0, 0},
        {"name", OPTION_TEXT, &call.name, "NAME", "allow: the viewer's name (else the file's)", 0,
         0},
    };
    const struct option_table table = {
        "keys",
        "make | allow FILE | trust HOST FILE | list",
        "Keys encrypt what goes between machines, and say who may connect.\n"
        "  make              this machine's own key, once\n"
        "  allow FILE        let a viewer in: FILE is its own.key\n"
        "  trust HOST FILE   know a daemon: FILE is its own.key, HOST as in tcp://HOST:PORT\n"
        "  list              what is there; to take a key back, remove its file",
        rows,
        sizeof rows / sizeof *rows,
        0};
    struct options_result options;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    call.table = &table;
    if (call.folder[0] == '\0')
        return options_fail(&table, "there is no HOME to keep keys in; say --keys DIR");
    if (options.n_operands == 0)
        return options_fail(&table, "what shall be done? make, allow, trust or list");
    call.operands = options.operands + 1;
    call.n_operands = options.n_operands - 1;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(options.operands[0], actions[i].name) == 0)
            return actions[i].execute(&call);
    return options_fail(&table, "what is '%s'? make, allow, trust or list", options.operands[0]);
}
