// Runs a launch's blocks on private threads: fibers never live on a thread of the caller's.
#pragma once
#include "block.h"

int run_launch(const Launch& launch); // 0, or a CUresult with last_error set
void set_last_error(const std::string& message);
const char* last_error();
u64 fiber_switches();
u64 launches();
void install_fault_handlers();
