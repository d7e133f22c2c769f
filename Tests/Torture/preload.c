// Strikes a process, or its whole group, just before or just after the n-th rename of all processes together,
// or lets the clock of the wall go back an hour each time that somebody looks. Loaded by LD_PRELOAD.
//
//   TORTURE_COUNT  a file that grows by one byte a rename
//   TORTURE_AT     which rename: 7
//   TORTURE_WHEN   before or after
//   TORTURE_SIGNAL the signal's number
//   TORTURE_WHOM   self or group
//   TORTURE_CLOCK  set if the clock goes back
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void strike(long number, const char *when) {
  const char *at = getenv("TORTURE_AT"), *moment = getenv("TORTURE_WHEN");
  if (!at || atol(at) != number || strcmp(moment ? moment : "", when)) return;
  const char *whom = getenv("TORTURE_WHOM"), *signal = getenv("TORTURE_SIGNAL");
  kill(whom && !strcmp(whom, "group") ? 0 : getpid(), signal ? atoi(signal) : SIGKILL);
}

// How many renames there were with this one; 0 if nobody counts.
static long count(void) {
  const char *path = getenv("TORTURE_COUNT");
  int file = path ? open(path, O_WRONLY | O_APPEND | O_CLOEXEC) : -1;
  if (file < 0) return 0;
  long number = write(file, "x", 1) == 1 ? (long)lseek(file, 0, SEEK_CUR) : 0;
  close(file);
  return number;
}

#define RENAME(name, parameters, arguments)                                    \
  int name parameters {                                                        \
    int (*real) parameters = dlsym(RTLD_NEXT, #name);                          \
    long number = count();                                                     \
    strike(number, "before");                                                  \
    int result = real arguments;                                               \
    strike(number, "after");                                                   \
    return result;                                                             \
  }
RENAME(rename, (const char *a, const char *b), (a, b))
RENAME(renameat, (int c, const char *a, int d, const char *b), (c, a, d, b))
RENAME(renameat2, (int c, const char *a, int d, const char *b, unsigned e), (c, a, d, b, e))

static time_t lost(void) {
  static time_t hours;
  return getenv("TORTURE_CLOCK") ? 3600 * __atomic_add_fetch(&hours, 1, __ATOMIC_RELAXED) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, time);
  if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec -= lost();
  return result;
}

int gettimeofday(struct timeval *time, void *zone) {
  int (*real)(struct timeval *, void *) = dlsym(RTLD_NEXT, "gettimeofday");
  int result = real(time, zone);
  if (result == 0) time->tv_sec -= lost();
  return result;
}

time_t time(time_t *place) {
  time_t (*real)(time_t *) = dlsym(RTLD_NEXT, "time");
  time_t now = real(NULL) - lost();
  if (place) *place = now;
  return now;
}
