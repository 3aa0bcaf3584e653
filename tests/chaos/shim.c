/*
 * shim.c: makes one call of a process fail. Loaded with LD_PRELOAD; which call is said in the environment:
 *
 *   CHAOS_KIND    malloc (malloc, calloc, realloc, aligned ones), read (read and pread: EIO), write (to
 * anything but standard error: ENOSPC), open (open and openat: EMFILE) CHAOS_AT      the number of the call
 * that fails, from 1 CHAOS_FOR     how many calls in a row fail from there; 0 is all of them; default 1
 *   CHAOS_START   nothing is counted before a file is opened whose path ends in this
 *   CHAOS_SPARE   memory that a library with this in its name asks for is always given
 *   CHAOS_TRACE   when set, the stack of each failed call goes to standard error
 *   CHAOS_REPORT  a file: how many calls were counted is written there at the end
 */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* glibc's own, under names that nobody replaces. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

enum kind { NOTHING, MALLOC, READ, WRITE, OPEN };

static enum kind kind;
static unsigned long first, count_of_failures = 1;
static const char *start = "", *report;
static bool is_traced;
static uintptr_t spared_begin, spared_end; /* addresses of the spared library's code */
static atomic_bool is_started;
static atomic_ulong calls;

static int find_spared(struct dl_phdr_info *library, size_t size, void *name)
{
    (void)size;
    if (strstr(library->dlpi_name, name) == NULL)
        return 0;
    for (int i = 0; i < library->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &library->dlpi_phdr[i];
        if (part->p_type == PT_LOAD && (part->p_flags & PF_X)) {
            spared_begin = library->dlpi_addr + part->p_vaddr;
            spared_end = spared_begin + part->p_memsz;
        }
    }
    return 1;
}

__attribute__((constructor)) static void begin(void)
{
    static const char *const names[] = {"", "malloc", "read", "write", "open"};
    const char *wanted = getenv("CHAOS_KIND"), *at = getenv("CHAOS_AT"), *for_how_long = getenv("CHAOS_FOR");
    start = getenv("CHAOS_START") ? getenv("CHAOS_START") : "";
    report = getenv("CHAOS_REPORT");
    first = at ? strtoul(at, NULL, 10) : 0;
    count_of_failures = for_how_long ? strtoul(for_how_long, NULL, 10) : 1;
    for (size_t i = 1; wanted != NULL && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(wanted, names[i]) == 0)
            kind = (enum kind)i;
    if (getenv("CHAOS_SPARE") != NULL)
        dl_iterate_phdr(find_spared, getenv("CHAOS_SPARE"));
    is_traced = getenv("CHAOS_TRACE") != NULL;
    void *frame; /* the first call of backtrace allocates */
    backtrace(&frame, 1);
    unsetenv("LD_PRELOAD"); /* children are left alone */
}

__attribute__((destructor)) static void end(void)
{
    char text[32];
    int size = snprintf(text, sizeof text, "%lu\n", atomic_load(&calls));
    int fd = report ? (int)syscall(SYS_openat, AT_FDCWD, report, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    if (fd >= 0)
        syscall(SYS_write, fd, text, size);
}

/* Whether this call is one that fails. */
static bool fails(enum kind which)
{
    if (which != kind || !atomic_load_explicit(&is_started, memory_order_relaxed))
        return false;
    unsigned long number = atomic_fetch_add(&calls, 1) + 1;
    bool is_hit =
        first != 0 && number >= first && (count_of_failures == 0 || number < first + count_of_failures);
    if (is_hit && is_traced) {
        void *frames[32];
        backtrace_symbols_fd(frames, backtrace(frames, 32), STDERR_FILENO);
    }
    return is_hit;
}

static bool fails_for(const void *caller)
{
    uintptr_t address = (uintptr_t)caller;
    return !(address >= spared_begin && address < spared_end) && fails(MALLOC);
}

static void *fail_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

void *malloc(size_t size)
{
    return fails_for(__builtin_return_address(0)) ? fail_memory() : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails_for(__builtin_return_address(0)) ? fail_memory() : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails_for(__builtin_return_address(0)) ? fail_memory() : __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size)
{
    return fails_for(__builtin_return_address(0)) ? fail_memory() : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *memory = memalign(alignment, size);
    if (memory == NULL)
        return ENOMEM;
    *out = memory;
    return 0;
}

ssize_t read(int fd, void *out, size_t size)
{
    if (fails(READ)) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_read, fd, out, size);
}

ssize_t pread(int fd, void *out, size_t size, off_t offset)
{
    if (fails(READ)) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_pread64, fd, out, size, offset);
}

ssize_t pread64(int fd, void *out, size_t size, off64_t offset)
{
    return pread(fd, out, size, offset);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    if (fd != STDERR_FILENO && fails(WRITE)) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_write, fd, bytes, size);
}

static bool ends_in(const char *path, const char *end_of_path)
{
    size_t size = strlen(path), wanted = strlen(end_of_path);
    return size >= wanted && strcmp(path + size - wanted, end_of_path) == 0;
}

int openat(int directory, const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    int mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, int) : 0;
    va_end(more);
    if (fails(OPEN)) {
        errno = EMFILE;
        return -1;
    }
    int fd = (int)syscall(SYS_openat, directory, path, flags, mode);
    if (ends_in(path, start))
        atomic_store(&is_started, true);
    return fd;
}

int open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    int mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, int) : 0;
    va_end(more);
    return openat(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));
int openat64(int directory, const char *path, int flags, ...) __attribute__((alias("openat")));
