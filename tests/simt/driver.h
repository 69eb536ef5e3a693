// What the CUDA driver's entry points share.
#pragma once
#include "api.h"
#include "include/simt_abi.h"
#include "stream.h"

typedef int CUresult;
typedef unsigned long long CUdeviceptr;
#define LOCK std::lock_guard lock(driver_guard)
#define STREAM(handle) LOCK; Stream* stream = find_stream(handle); if (!stream) return 400
