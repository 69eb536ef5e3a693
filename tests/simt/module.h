// Modules: what NVRTC hands out as a cubin is a shared object's bytes; loading opens them from memory.
#pragma once
#include "include/simt_abi.h"
#include <map>
#include <string>

struct Function { const simt_kernel* kernel; struct Module* module; std::string name; u32 dynamic_limit = 48 << 10; };
struct Module { void* library; size_t static_shared; std::map<std::string, Function> functions; };

int load_module(const void* image, Module** module);
Function* find_function(Module* module, const char* name);
