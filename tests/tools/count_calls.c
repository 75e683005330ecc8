/* SPDX-License-Identifier: GPL-3.0-or-later */
/* count_calls.c - which threads of a process allocate or lock, and how often
 *
 * A library for LD_PRELOAD. It stands in front of the allocator's and the locks' functions, counts
 * the calls of each thread over a stretch of time, and writes one line a thread, also for threads
 * that made none:
 *
 *     <thread name> <malloc> <calloc> <realloc> <free> <aligned> <mutex> <rwlock>
 *
 *     THENAR_COUNT_REPORT   file to write; ".PID" is appended, so that children have their own
 *     THENAR_COUNT_AFTER_S  seconds from the start of the process to the start of counting
 *     THENAR_COUNT_SPAN_S   seconds of counting; then the report is written
 *
 * What a library locks inside itself without a call that can be seen from outside (the C library's
 * own locks) is not counted. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum call { MALLOC, CALLOC, REALLOC, FREE, ALIGNED, MUTEX, RWLOCK, N_CALLS };
enum { TALLIES_MAX = 1024 };

struct tally {
    _Atomic long thread; /* 0: not in use */
    _Atomic unsigned long n_calls[N_CALLS];
};

static struct tally tallies[TALLIES_MAX];
static _Atomic unsigned n_tallies;
static atomic_bool counting;
/* initial-exec: the first touch of another model would itself allocate */
static _Thread_local struct tally *mine __attribute__((tls_model("initial-exec")));

/* glibc's own names for what is replaced here */
void *__libc_malloc(size_t n_bytes);
void *__libc_calloc(size_t n_items, size_t n_bytes);
void *__libc_realloc(void *memory, size_t n_bytes);
void __libc_free(void *memory);
void *__libc_memalign(size_t alignment, size_t n_bytes);

static void count(enum call call)
{
    if (!atomic_load_explicit(&counting, memory_order_relaxed))
        return;
    if (!mine) {
        unsigned index = atomic_fetch_add(&n_tallies, 1);
        if (index >= TALLIES_MAX)
            abort();
        mine = &tallies[index];
        atomic_store(&mine->thread, (long)gettid());
    }
    atomic_fetch_add_explicit(&mine->n_calls[call], 1, memory_order_relaxed);
}

void *malloc(size_t n_bytes)
{
    count(MALLOC);
    return __libc_malloc(n_bytes);
}

void *calloc(size_t n_items, size_t n_bytes)
{
    count(CALLOC);
    return __libc_calloc(n_items, n_bytes);
}

void *realloc(void *memory, size_t n_bytes)
{
    count(REALLOC);
    return __libc_realloc(memory, n_bytes);
}

void free(void *memory)
{
    count(FREE);
    __libc_free(memory);
}

void *aligned_alloc(size_t alignment, size_t n_bytes)
{
    count(ALIGNED);
    return __libc_memalign(alignment, n_bytes);
}

int posix_memalign(void **out, size_t alignment, size_t n_bytes)
{
    count(ALIGNED);
    void *memory = __libc_memalign(alignment, n_bytes);
    if (!memory)
        return ENOMEM;
    *out = memory;
    return 0;
}

/* The function behind ours; found once a caller, and always the same. */
static void *behind(void *_Atomic *known, const char *name)
{
    void *function = atomic_load_explicit(known, memory_order_relaxed);
    if (!function) {
        function = dlsym(RTLD_NEXT, name);
        atomic_store_explicit(known, function, memory_order_relaxed);
    }
    return function;
}

static int lock_with(void *function, void *lock)
{
    int (*call)(void *);
    memcpy(&call, &function, sizeof call); /* ISO C has no cast from object to function */
    return call(lock);
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    static void *_Atomic known;
    count(MUTEX);
    return lock_with(behind(&known, "pthread_mutex_lock"), mutex);
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    static void *_Atomic known;
    count(MUTEX);
    return lock_with(behind(&known, "pthread_mutex_trylock"), mutex);
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    static void *_Atomic known;
    count(RWLOCK);
    return lock_with(behind(&known, "pthread_rwlock_rdlock"), lock);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    static void *_Atomic known;
    count(RWLOCK);
    return lock_with(behind(&known, "pthread_rwlock_wrlock"), lock);
}

static void sleep_s(double span_s)
{
    struct timespec left = {.tv_sec = (time_t)span_s};
    left.tv_nsec = (long)((span_s - (double)left.tv_sec) * 1e9);
    while (nanosleep(&left, &left) && errno == EINTR)
        continue;
}

static void report_thread(FILE *report, long thread)
{
    char path[64], name[32] = "?";
    snprintf(path, sizeof path, "/proc/self/task/%ld/comm", thread);
    FILE *file = fopen(path, "r");
    if (file) {
        if (fgets(name, sizeof name, file))
            name[strcspn(name, "\n")] = '\0';
        fclose(file);
    }
    for (char *c = name; *c; c++)
        if (*c == ' ')
            *c = '_';
    fputs(name, report);
    const struct tally *tally = NULL;
    for (size_t i = 0; i < TALLIES_MAX && !tally; i++)
        if (tallies[i].thread == thread)
            tally = &tallies[i];
    for (int call = 0; call < N_CALLS; call++)
        fprintf(report, " %lu", tally ? tally->n_calls[call] : 0);
    fputc('\n', report);
}

/* The counter's own thread: it is not part of what is measured. */
static void *watch(void *unused)
{
    (void)unused;
    sleep_s(strtod(getenv("THENAR_COUNT_AFTER_S"), NULL));
    atomic_store(&counting, true);
    sleep_s(strtod(getenv("THENAR_COUNT_SPAN_S"), NULL));
    atomic_store(&counting, false);

    char path[4096], unfinished[4200];
    snprintf(path, sizeof path, "%s.%ld", getenv("THENAR_COUNT_REPORT"), (long)getpid());
    snprintf(unfinished, sizeof unfinished, "%s.part", path);
    FILE *report = fopen(unfinished, "w");
    DIR *tasks = opendir("/proc/self/task");
    if (!report || !tasks)
        abort();
    for (struct dirent *task; (task = readdir(tasks));) {
        long thread = strtol(task->d_name, NULL, 10);
        if (thread && thread != gettid())
            report_thread(report, thread);
    }
    closedir(tasks);
    if (fclose(report) || rename(unfinished, path))
        abort();
    return NULL;
}

__attribute__((constructor)) static void begin(void)
{
    if (!getenv("THENAR_COUNT_REPORT") || !getenv("THENAR_COUNT_AFTER_S") ||
        !getenv("THENAR_COUNT_SPAN_S"))
        return;
    /* The process handles its signals in threads of its own choice, not in this one. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    if (pthread_create(&thread, NULL, watch, NULL) || pthread_detach(thread))
        abort();
    pthread_setname_np(thread, "count_calls");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}
