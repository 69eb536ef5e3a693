// What the entry points share.
#pragma once
#include <mutex>
#include <string>
#define API extern "C" __attribute__((visibility("default")))
extern std::recursive_mutex& driver_guard;
std::string library_folder(); // where this library and its include folder lie
