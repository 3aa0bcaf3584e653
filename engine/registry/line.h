/*
 * line.h: libcurl's handles for one transfer. For client.c and exchange.c alone, so that libcurl's header,
 * and those that it brings along, stay with them.
 */
#ifndef SILT_REGISTRY_LINE_H
#define SILT_REGISTRY_LINE_H

#include <curl/curl.h>

struct silt_line {
    struct silt_line *next; /* of the idle ones */
    CURLM *multi;           /* keeps the connections */
    CURL *easy;
    char why[CURL_ERROR_SIZE];
};

#endif
