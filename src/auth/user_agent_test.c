/* What browsers call themselves, and what people are told. */
#include "auth/user_agent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define WEBKIT "AppleWebKit/537.36 (KHTML, like Gecko) "

static void browsers_and_systems_are_told(void **unused)
{
    static const char *const devices[][2] = {
        { "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
          "Firefox on Linux" },
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) " WEBKIT "Chrome/131.0.0.0 Safari/537.36",
          "Chrome on Windows" },
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) " WEBKIT
          "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge on Windows" },
        { "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
          "(KHTML, like Gecko) Version/17.6 Safari/605.1.15", "Safari on macOS" },
        { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 "
          "(KHTML, like Gecko) CriOS/131.0.0.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone" },
        { "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 "
          "(KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1", "Safari on iPad" },
        { "Mozilla/5.0 (Linux; Android 14; SM-S921B) " WEBKIT
          "SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36",
          "Samsung Internet on Android" },
        { "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) " WEBKIT "Chrome/131.0.0.0 Safari/537.36",
          "Chrome on ChromeOS" },
        { "Firefox/1", "Firefox" },
        { "curl/7.88.1", "An unknown program" },
        { "Linux", "An unknown program" },
        { "", "An unknown program" },
        { NULL, "An unknown program" },
    };
    struct arena *mem = arena_new_arena();

    (void)unused;
    for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
        assert_string_equal(user_agent_device(mem, devices[i][0]), devices[i][1]);
    arena_free(mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(browsers_and_systems_are_told) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
