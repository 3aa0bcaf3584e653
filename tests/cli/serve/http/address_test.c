/*
 * address_test.c: networks, and who asks through proxies.
 */
#include "serve/http/address.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_in(const char *address, char *network)
{
    char *items[] = {network, NULL};
    const struct silt_words list = {items, 1};
    return silt_address_is_in(address, &list);
}

Test(address, networks)
{
    cr_expect(is_in("10.1.2.3", "10.0.0.0/8"));
    cr_expect(is_in("10.1.2.3", "10.1.2.3"));
    cr_expect(is_in("10.1.2.3", "0.0.0.0/0"));
    cr_expect(is_in("10.1.2.3", "10.1.2.2/31"));
    cr_expect_not(is_in("10.1.2.4", "10.1.2.2/31"));
    cr_expect_not(is_in("11.1.2.3", "10.0.0.0/8"));
    cr_expect(is_in("fd00::1", "fd00::/8"));
    cr_expect_not(is_in("fe00::1", "fd00::/8"));
    cr_expect_not(is_in("10.1.2.3", "::/0"), "families do not mix");
    cr_expect_not(is_in("unknown", "0.0.0.0/0"));
    static const char *const bad[] = {"",       "x",  "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/8x",
                                      "10.0.0", "/8", "::/129"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(silt_address_is_network(bad[i]), "%s", bad[i]);
}

Test(address, only_trusted_proxies_say_who_asks)
{
    char *items[] = {"10.0.0.0/8", "127.0.0.1", NULL};
    const struct silt_words trusted = {items, 2};
    static const struct {
        const char *forwarded_for, *peer;
    } rows[] = {
        {"192.0.2.7", "192.0.2.7"},
        {"198.51.100.1, 192.0.2.7", "192.0.2.7"}, /* what the caller itself claimed does not count */
        {"198.51.100.1, 192.0.2.7 , 10.0.0.2", "192.0.2.7"},
        {"10.0.0.3, 10.0.0.2", "10.0.0.3"},
        {"rubbish, 10.0.0.2", "10.0.0.2"},
        {"", "127.0.0.1"},
        {",", "127.0.0.1"},
        {"10.0.0.0/8", "127.0.0.1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char peer[SILT_ADDRESS_SIZE] = "127.0.0.1";
        silt_address_behind(rows[i].forwarded_for, &trusted, peer);
        cr_expect_str_eq(peer, rows[i].peer, "%s: %s", rows[i].forwarded_for, peer);
    }
    char stranger[SILT_ADDRESS_SIZE] = "203.0.113.9";
    silt_address_behind("192.0.2.7", &trusted, stranger);
    cr_expect_str_eq(stranger, "203.0.113.9");
}

Test(address, listen)
{
    char why[128], address[80];
    int fd = silt_address_listen("127.0.0.1:0", why, sizeof why);
    cr_assert_geq(fd, 0, "%s", why);
    silt_address_of_socket(fd, address, sizeof address);
    cr_expect_eq(strncmp(address, "127.0.0.1:", 10), 0);
    cr_expect_lt(silt_address_listen(address, why, sizeof why), 0, "a port can be had once");
    close(fd);
    static const char *const bad[] = {"",           "8080",           "127.0.0.1",
                                      "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:99999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_lt(silt_address_listen(bad[i], why, sizeof why), 0, "%s", bad[i]);
}
