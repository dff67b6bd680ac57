// Windows binds each function of a library to a program's name. Node-API's functions are in whatever program has loaded this library
// (node.exe, electron.exe, another's own), so they are looked up there; systems with one table of names need none of this.
#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

// One jump by name through `hostFunctions`; no register that a call uses is touched.
#if defined(__aarch64__)
#define JUMP(at) "adrp x16, hostFunctions\n add x16, x16, :lo12:hostFunctions\n ldr x16, [x16, #8*" #at "]\n br x16\n"
#else
#define JUMP(at) "jmpq *hostFunctions+8*" #at "(%rip)\n"
#endif
#define FORWARD(at, name) __asm__(".text\n.globl " #name "\n.p2align 4\n" #name ":\n" JUMP(at));

#define FUNCTIONS(X)                    \
  X(0, napi_add_env_cleanup_hook)       \
  X(1, napi_adjust_external_memory)     \
  X(2, napi_call_threadsafe_function)   \
  X(3, napi_create_array)               \
  X(4, napi_create_array_with_length)   \
  X(5, napi_create_double)              \
  X(6, napi_create_error)               \
  X(7, napi_create_external)            \
  X(8, napi_create_function)            \
  X(9, napi_create_promise)             \
  X(10, napi_create_string_utf8)        \
  X(11, napi_create_threadsafe_function) \
  X(12, napi_get_array_length)          \
  X(13, napi_get_boolean)               \
  X(14, napi_get_cb_info)               \
  X(15, napi_get_element)               \
  X(16, napi_get_null)                  \
  X(17, napi_get_typedarray_info)       \
  X(18, napi_get_value_double)          \
  X(19, napi_get_value_external)        \
  X(20, napi_ref_threadsafe_function)   \
  X(21, napi_reject_deferred)           \
  X(22, napi_release_threadsafe_function) \
  X(23, napi_remove_env_cleanup_hook)   \
  X(24, napi_resolve_deferred)          \
  X(25, napi_set_element)               \
  X(26, napi_set_named_property)        \
  X(27, napi_throw_error)               \
  X(28, napi_unref_threadsafe_function)

#define NAME(at, name) [at] = #name,
static const char *const names[] = {FUNCTIONS(NAME)};
enum { COUNT = sizeof names / sizeof *names };
FARPROC hostFunctions[COUNT];
FUNCTIONS(FORWARD)

static bool findIn(HMODULE program) {
  for (size_t i = 0; program && i < COUNT; i++)
    if (!(hostFunctions[i] = GetProcAddress(program, names[i]))) return false;
  return program != NULL;
}

// Loading fails where there is no Node-API. Some programs keep Node in a library.
BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *unused) {
  (void)unused;
  if (reason != DLL_PROCESS_ATTACH) return TRUE;
  DisableThreadLibraryCalls(instance);
  return findIn(GetModuleHandleW(NULL)) || findIn(GetModuleHandleW(L"libnode.dll")) || findIn(GetModuleHandleW(L"node.dll"));
}
#endif
