/* What libFuzzer calls, and replay.c for the files in corpus/. Aborts when something is wrong. */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
