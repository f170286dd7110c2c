/* See key_file.h. */
#include "auth/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

static enum err failure(struct ctx *c, const char *what, const char *path)
{
    return fail(c, ERR_INTERNAL, NULL, "%s cannot be %s: %s", path, what, strerror(errno));
}

static bool write_all(int fd, const char *text)
{
    size_t n = strlen(text);

    return write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
}

static enum err sync_folder(struct ctx *c, const char *dir)
{
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = folder >= 0 && fsync(folder) == 0;

    if (folder >= 0)
        close(folder);
    return ok ? OK : failure(c, "made durable", dir);
}

/* Makes the file durable under a name of its own, then gives it the final name, which fails when
 * another process was faster: then that one's key counts. */
enum err key_file_make(struct ctx *c, const char *dir, const char *name, const char *text)
{
    const char *path = arena_printf(c->mem, "%s/%s", dir, name);
    const char *draft = arena_printf(c->mem, "%s.%ld", path, (long)getpid());
    int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool ok;

    if (fd < 0)
        return failure(c, "made", draft);
    ok = fchmod(fd, 0600) == 0 && write_all(fd, text);
    ok = close(fd) == 0 && ok;
    ok = ok && (link(draft, path) == 0 || errno == EEXIST);
    if (!ok) {
        enum err e = failure(c, "written", path);

        unlink(draft);
        return e;
    }
    unlink(draft);
    return sync_folder(c, dir);
}

enum err key_file_read(struct ctx *c, const char *dir, const char *name, char text[KEY_FILE_MAX])
{
    const char *path = arena_printf(c->mem, "%s/%s", dir, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    ssize_t n;

    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : failure(c, "opened", path);
    if (fstat(fd, &info) == 0 && (info.st_mode & 077) != 0)
        log_warn("%s can be read by others; chmod 600 it", path);
    n = read(fd, text, KEY_FILE_MAX - 1);
    close(fd);
    if (n < 0)
        return failure(c, "read", path);
    text[n] = '\0';
    return OK;
}

enum err key_file_keep(struct ctx *c, const char *dir, const char *name, const char *kept)
{
    const char *path = arena_printf(c->mem, "%s/%s", dir, kept);

    if (link(arena_printf(c->mem, "%s/%s", dir, name), path) != 0 && errno != EEXIST)
        return failure(c, "written", path);
    return sync_folder(c, dir);
}

enum err key_file_replace(struct ctx *c, const char *dir, const char *name, const char *kept)
{
    const char *path = arena_printf(c->mem, "%s/%s", dir, name);
    const char *draft = arena_printf(c->mem, "%s.%ld", path, (long)getpid());

    unlink(draft); /* of a process that ended before it came further */
    if (link(arena_printf(c->mem, "%s/%s", dir, kept), draft) != 0 || rename(draft, path) != 0)
        return failure(c, "written", path);
    unlink(draft); /* rename leaves it when both were the same file already */
    return sync_folder(c, dir);
}

void key_file_remove(struct ctx *c, const char *dir, const char *name)
{
    const char *path = arena_printf(c->mem, "%s/%s", dir, name);

    if (unlink(path) != 0 && errno != ENOENT)
        log_warn("%s cannot be removed: %s", path, strerror(errno));
}

int64_t key_file_stamp(struct ctx *c, const char *dir, const char *name)
{
    struct stat info;

    if (stat(arena_printf(c->mem, "%s/%s", dir, name), &info) != 0)
        return 0;
    return (int64_t)info.st_ctim.tv_sec * 1000000000 + info.st_ctim.tv_nsec;
}
