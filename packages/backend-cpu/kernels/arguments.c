#include "arguments.h"

const char outOfMemory[] = "out of memory";

// What an array without elements has for an address.
static double nothing[1];

napi_value fail(napi_env env, const char *message) {
  napi_throw_error(env, NULL, message);
  return NULL;
}

void readArguments(napi_env env, napi_callback_info info, napi_value *arguments) {
  size_t count = MOST_ARGUMENTS;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
}

double readNumber(napi_env env, napi_value value) {
  double number = 0;
  napi_get_value_double(env, value, &number);
  return number;
}

void *readExternal(napi_env env, napi_value value) {
  void *data = NULL;
  napi_get_value_external(env, value, &data);
  return data;
}

void *readArray(napi_env env, napi_value value, size_t *length) {
  void *elements = NULL;
  *length = 0;
  if (napi_get_typedarray_info(env, value, NULL, length, &elements, NULL, NULL) != napi_ok) return NULL;
  return elements ? elements : nothing;
}

bool readLength(napi_env env, napi_value list, uint32_t *length) { return napi_get_array_length(env, list, length) == napi_ok; }

bool readAddresses(napi_env env, napi_value list, void **addresses, uint32_t count) {
  size_t length;
  for (uint32_t i = 0; i < count; i++) {
    napi_value element;
    if (napi_get_element(env, list, i, &element) != napi_ok) return false;
    addresses[i] = readArray(env, element, &length);
    if (!addresses[i]) return false;
  }
  return true;
}

napi_value numberValue(napi_env env, double number) {
  napi_value value;
  return napi_create_double(env, number, &value) == napi_ok ? value : NULL;
}

napi_value failureValue(napi_env env, Failure failure) {
  napi_value list = NULL;
  const double numbers[] = {failure.instruction, failure.operand, (double)failure.position, (double)failure.index};
  if (failure.instruction == -1) return napi_get_null(env, &list) == napi_ok ? list : NULL;
  napi_create_array_with_length(env, 4, &list);
  for (uint32_t i = 0; i < 4; i++) napi_set_element(env, list, i, numberValue(env, numbers[i]));
  return list;
}

napi_value externalValue(napi_env env, void *data, napi_finalize finalize) {
  napi_value value;
  if (napi_create_external(env, data, finalize, NULL, &value) == napi_ok) return value;
  finalize(env, data, NULL);
  return fail(env, outOfMemory);
}
