/*
 * address.c: addresses as text and as sockets.
 */
#include "serve/http/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BACKLOG = 512, IP_SIZE = 16 };

static bool is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits < 6 && text[digits] == '\0' && strtoul(text, NULL, 10) <= 65535;
}

/* Parts HOST:PORT at its last colon; brackets around an IPv6 address go. */
static bool part(const char *text, char host[256], const char **port)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL || (size_t)(colon - text) >= 256 || !is_port(colon + 1))
        return false;
    size_t size = (size_t)(colon - text);
    bool has_brackets = size >= 2 && text[0] == '[' && text[size - 1] == ']';
    snprintf(host, 256, "%.*s", (int)(has_brackets ? size - 2 : size), has_brackets ? text + 1 : text);
    *port = colon + 1;
    return true;
}

static int open_socket(const struct addrinfo *address)
{
    int on = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int code = errno;
    close(fd);
    errno = code;
    return -1;
}

int silt_address_listen(const char *text, char *why, size_t size)
{
    const struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char host[256];
    const char *port;
    int fd = -1;
    if (!part(text, host, &port)) {
        snprintf(why, size, "it is not HOST:PORT");
        return -1;
    }
    int code = getaddrinfo(host[0] != '\0' ? host : NULL, port, &hints, &found);
    if (code == 0)
        fd = open_socket(found);
    snprintf(why, size, "%s", code != 0 ? gai_strerror(code) : strerror(errno));
    if (code == 0)
        freeaddrinfo(found);
    return fd;
}

void silt_address_of_socket(int fd, char *out, size_t size)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    char host[SILT_ADDRESS_SIZE];
    getsockname(fd, (struct sockaddr *)&address, &length);
    silt_address_print((const struct sockaddr *)&address, host);
    bool is_six = address.ss_family == AF_INET6;
    unsigned port = is_six ? ntohs(((const struct sockaddr_in6 *)&address)->sin6_port)
                           : ntohs(((const struct sockaddr_in *)&address)->sin_port);
    snprintf(out, size, is_six ? "[%s]:%u" : "%s:%u", host, port);
}

void silt_address_print(const struct sockaddr *address, char out[SILT_ADDRESS_SIZE])
{
    const void *bytes = NULL;
    int family = address != NULL ? address->sa_family : AF_UNSPEC;
    if (family == AF_INET)
        bytes = &((const struct sockaddr_in *)address)->sin_addr;
    else if (family == AF_INET6)
        bytes = &((const struct sockaddr_in6 *)address)->sin6_addr;
    /* An IPv4 address that came to an IPv6 socket is that IPv4 address. */
    if (family == AF_INET6 && IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)bytes)) {
        family = AF_INET;
        bytes = (const char *)bytes + 12;
    }
    if (bytes == NULL || inet_ntop(family, bytes, out, SILT_ADDRESS_SIZE) == NULL)
        snprintf(out, SILT_ADDRESS_SIZE, "unknown");
}

/* An address or network as bytes; false if it is none. */
static bool parse(const char *text, unsigned char bytes[IP_SIZE], size_t *size, unsigned *bits)
{
    char host[SILT_ADDRESS_SIZE], *end;
    size_t length = strcspn(text, "/");
    if (length >= sizeof host)
        return false;
    snprintf(host, sizeof host, "%.*s", (int)length, text);
    *size = 0;
    if (inet_pton(AF_INET, host, bytes) == 1)
        *size = 4;
    else if (inet_pton(AF_INET6, host, bytes) == 1)
        *size = IP_SIZE;
    *bits = (unsigned)*size * 8;
    if (*size == 0 || text[length] == '\0')
        return *size > 0;
    unsigned long wanted = strtoul(text + length + 1, &end, 10);
    bool is_good = text[length + 1] >= '0' && text[length + 1] <= '9' && *end == '\0' && wanted <= *bits;
    *bits = (unsigned)wanted;
    return is_good;
}

bool silt_address_is_network(const char *text)
{
    unsigned char bytes[IP_SIZE];
    size_t size;
    unsigned bits;
    return parse(text, bytes, &size, &bits);
}

static bool is_within(const char *address, const char *network)
{
    unsigned char a[IP_SIZE], b[IP_SIZE];
    size_t size, other;
    unsigned bits, own;
    if (!parse(address, a, &size, &own) || !parse(network, b, &other, &bits) || size != other)
        return false;
    if (memcmp(a, b, bits / 8) != 0)
        return false;
    unsigned rest = bits % 8;
    return rest == 0 || (a[bits / 8] ^ b[bits / 8]) >> (8 - rest) == 0;
}

bool silt_address_is_in(const char *address, const struct silt_words *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_within(address, list->items[i]))
            return true;
    return false;
}

void silt_address_behind(const char *forwarded_for, const struct silt_words *trusted,
                         char peer[SILT_ADDRESS_SIZE])
{
    const char *end = forwarded_for + strlen(forwarded_for);
    while (end > forwarded_for && silt_address_is_in(peer, trusted)) {
        const char *begin = end;
        while (begin > forwarded_for && begin[-1] != ',')
            begin--;
        const char *text = begin + strspn(begin, " \t");
        size_t size = text < end ? (size_t)(end - text) : 0;
        while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\t'))
            size--;
        char address[SILT_ADDRESS_SIZE] = "";
        if (size < sizeof address)
            snprintf(address, sizeof address, "%.*s", (int)size, text);
        if (!silt_address_is_network(address) || strchr(address, '/') != NULL)
            return;
        snprintf(peer, SILT_ADDRESS_SIZE, "%s", address);
        end = begin > forwarded_for ? begin - 1 : begin;
    }
}
