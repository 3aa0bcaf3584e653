/*
 * rarity.c: a few numbers instead of a model.
 *
 * Each byte weighs some bits; letters behind letters weigh less, since words are no random letters. Words
 * that are common in code, measured over an npm tree and a Debian root, weigh what was measured.
 */
#include "match/rarity.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Bits of a byte that stands alone. */
static double byte_bits(uint8_t byte, bool is_folded)
{
    if (byte == 0 || byte == ' ' || (byte != '\0' && strchr("etaoinsr", byte) != NULL))
        return 4;
    if (byte != '\0' && strchr("xqzj", byte) != NULL)
        return 8;
    if (islower(byte))
        return is_folded ? 5 : 5.2;
    if (isupper(byte))
        return strchr("QXZJ", byte) != NULL ? 9 : 7;
    return isalnum(byte) || ispunct(byte) ? 6 : 8;
}

static bool is_vowel(uint8_t byte)
{
    return byte != '\0' && strchr("aeiouyAEIOUY", byte) != NULL;
}

/* What of its bits a byte keeps where it stands: letters beside vowels are what words are made of. */
static double weight_at(const uint8_t *bytes, unsigned i)
{
    if (i == 0 || !isalpha(bytes[i]) || !isalpha(bytes[i - 1]))
        return 1;
    return is_vowel(bytes[i]) || is_vowel(bytes[i - 1]) ? 0.5 : 0.8;
}

#define TEXT(text) (text), sizeof(text) - 1

/* Words with more hits per MB than their letters say (log2). */
static const struct {
    const char *word;
    unsigned size;
    double bits; /* 20: once in a MB */
} common_words[] = {
    {TEXT("http://"), 14.8},  {TEXT("https://"), 13.3},    {TEXT("http"), 10},
    {TEXT("://"), 12},        {TEXT("www."), 13},          {TEXT(".com"), 12},
    {TEXT("token"), 12},      {TEXT("secret"), 15},        {TEXT("password"), 15},
    {TEXT("key"), 11},        {TEXT("value"), 8},          {TEXT("auth"), 12},
    {TEXT("api"), 12},        {TEXT("user"), 12},          {TEXT("type"), 9},
    {TEXT("name"), 9},        {TEXT("account"), 13.5},     {TEXT("access"), 12},
    {TEXT("client"), 12.5},   {TEXT("service"), 12},       {TEXT("server"), 12.5},
    {TEXT("private"), 12},    {TEXT("public"), 12},        {TEXT("shared"), 14},
    {TEXT("host"), 13},       {TEXT("host="), 16},         {TEXT("port"), 10},
    {TEXT("data"), 10.5},     {TEXT("login"), 15},         {TEXT("admin"), 14},
    {TEXT("session"), 14.5},  {TEXT("default"), 10.5},     {TEXT("passwd"), 17},
    {TEXT("credential"), 14}, {TEXT("authorization"), 15}, {TEXT("token:"), 15},
    {TEXT("user="), 17},      {TEXT("print"), 11},         {TEXT("machine"), 14},
    {TEXT("value="), 14},     {TEXT("license"), 11.7},     {TEXT("application"), 14.4},
    {TEXT("storage"), 14.4},  {TEXT("segment"), 14.4},     {TEXT("sign"), 12.5},
    {TEXT("line"), 12.5},     {TEXT("use"), 7.5},          {TEXT("pass"), 14.5},
    {TEXT("github"), 14.9},   {TEXT("here"), 13.5},        {TEXT("consumer"), 16},
    {TEXT("test"), 12},       {TEXT("create"), 15},        {TEXT("loop"), 14.5},
    {TEXT("render"), 13},     {TEXT("linear"), 14},        {TEXT("message"), 13},
    {TEXT("product"), 13},    {TEXT("event"), 12},         {TEXT("front"), 14},
    {TEXT("close"), 13},      {TEXT("base"), 12},          {TEXT("box"), 12.5},
    {TEXT("page"), 13},       {TEXT("site"), 14},          {TEXT("open"), 13},
    {TEXT("mail"), 14.5},     {TEXT("note"), 14},          {TEXT("map"), 12},
    {TEXT("image"), 13.5},    {TEXT("post"), 14},          {TEXT("block"), 12},
    {TEXT("action"), 13},     {TEXT("state"), 12},         {TEXT("code"), 12},
    {TEXT("string"), 10.5},   {TEXT("number"), 11.5},      {TEXT("object"), 11},
    {TEXT("index"), 11},      {TEXT("config"), 12},        {TEXT("update"), 13},
    {TEXT("date"), 12},
};

static uint8_t small(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

static bool begins_with(const uint8_t *bytes, const char *word, unsigned size)
{
    unsigned i = 0;
    while (i < size && small(bytes[i]) == (uint8_t)word[i])
        i++;
    return i == size;
}

/* The bits of the longest common word that stands at i, and its length; 0 if none does. */
static unsigned find_common(const uint8_t *bytes, unsigned size, unsigned i, double *bits)
{
    unsigned best = 0;
    for (unsigned w = 0; w < sizeof common_words / sizeof common_words[0]; w++) {
        unsigned length = common_words[w].size;
        if (length <= best || length > size - i || !begins_with(bytes + i, common_words[w].word, length))
            continue;
        best = length;
        *bits = common_words[w].bits;
    }
    return best;
}

double silt_rarity_rate(const uint8_t *bytes, unsigned size, unsigned folded)
{
    const double price = 3; /* of looking for one more text */
    double bits = 0;
    for (unsigned i = 0; i < size;) {
        double word_bits = 0;
        unsigned length = find_common(bytes, size, i, &word_bits);
        if (length > 0) {
            bits += word_bits;
            i += length;
            continue;
        }
        bits += byte_bits(bytes[i], folded >> i & 1) * weight_at(bytes, i);
        i++;
    }
    return exp2(20 - bits) + price;
}
