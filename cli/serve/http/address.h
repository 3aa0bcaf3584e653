/*
 * address.h: addresses: where to listen, and who is asking.
 */
#ifndef SILT_CLI_SERVE_HTTP_ADDRESS_H
#define SILT_CLI_SERVE_HTTP_ADDRESS_H

#include "words.h"

#include <stdbool.h>
#include <sys/socket.h>

enum { SILT_ADDRESS_SIZE = 64 };

/* Opens a listening socket for HOST:PORT ("127.0.0.1:8080", "[::]:8080", ":8080" for all addresses). -1, with
 * the reason in `why`. */
int silt_address_listen(const char *text, char *why, size_t size);

/* The address and port that a socket is bound to, "127.0.0.1:8080". */
void silt_address_of_socket(int socket, char *out, size_t size);

/* The address of a peer, without its port. */
void silt_address_print(const struct sockaddr *address, char out[SILT_ADDRESS_SIZE]);

/* Whether an address is one of the list, whose items are addresses or networks, ADDRESS/BITS. */
bool silt_address_is_in(const char *address, const struct silt_words *list);

/* Whether a text is an address or a network. */
bool silt_address_is_network(const char *text);

/* Who asks, where `peer` is a trusted proxy that says so in X-Forwarded-For: the last one that is no trusted
 * proxy itself. */
void silt_address_behind(const char *forwarded_for, const struct silt_words *trusted,
                         char peer[SILT_ADDRESS_SIZE]);

#endif
