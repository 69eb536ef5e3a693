// The CUDA C++ surface that kernels see when a C++ compiler builds them for the SIMT device: one header an idea.
#pragma once
#include "simt_abi.h"
#include "simt_language.h"
#include "simt_math.h"
#include "simt_warp.h"
#include "simt_atomics.h"
#include "simt_matrix.h"
#include "simt_export.h"
