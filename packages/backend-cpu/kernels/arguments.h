// JavaScript's values for the addon, and back.
#pragma once
#define NAPI_VERSION 8
#include <node_api.h>

#include "interpreter.h"

enum { MOST_ARGUMENTS = 6 };

extern const char outOfMemory[];

// Throws in JavaScript; returns NULL.
napi_value fail(napi_env env, const char *message);

// Arguments that were not passed are undefined.
void readArguments(napi_env env, napi_callback_info info, napi_value *arguments);
double readNumber(napi_env env, napi_value value);
void *readExternal(napi_env env, napi_value value);
// The elements of a typed array; NULL and a length of 0 for anything else.
void *readArray(napi_env env, napi_value value, size_t *length);
bool readLength(napi_env env, napi_value list, uint32_t *length);
// False if an element of `list` is no typed array.
bool readAddresses(napi_env env, napi_value list, void **addresses, uint32_t count);

napi_value numberValue(napi_env env, double number);
// [instruction, operand, position, index], or null if there is no failure.
napi_value failureValue(napi_env env, Failure failure);
napi_value externalValue(napi_env env, void *data, napi_finalize finalize);
