// The driver's modules, functions and launches.
#include "driver.h"
#include "launch.h"
#include "module.h"

API CUresult cuModuleLoadData(void** module, const void* image) {
    LOCK;
    return sticky_error ? sticky_error : load_module(image, (Module**)module);
}
API CUresult cuModuleLoadDataEx(void** module, const void* image, unsigned, int*, void**) { return cuModuleLoadData(module, image); }
API CUresult cuModuleUnload(void*) { LOCK; return run_all(); } // stays mapped: the same bytes may be loaded again
API CUresult cuModuleGetFunction(void** function, void* module, const char* name) {
    LOCK;
    *function = find_function((Module*)module, name);
    return *function ? 0 : 500;
}
API CUresult cuFuncSetAttribute(void* f, int attribute, int value) {
    if (attribute != 8) return 0;
    if (value < 0 || value > (int)most_dynamic_shared) return 1;
    ((Function*)f)->dynamic_limit = (u32)value;
    return 0;
}
API CUresult cuFuncGetAttribute(int* value, int attribute, void* f) {
    switch (attribute) {
        case 0: *value = (int)((Function*)f)->kernel->most_threads; break;
        case 1: *value = (int)((Function*)f)->module->static_shared; break;
        case 4: *value = 32; break;
        case 5: case 6: *value = 80; break;
        case 8: *value = (int)((Function*)f)->dynamic_limit; break;
        default: *value = 0;
    }
    return 0;
}
API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void* f, int threads, size_t) {
    *blocks = threads > (int)((Function*)f)->kernel->most_threads ? 0 : 2;
    return threads > 0 ? 0 : 1;
}
API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* blocks, void* f, int threads, size_t shared, unsigned) {
    return cuOccupancyMaxActiveBlocksPerMultiprocessor(blocks, f, threads, shared);
}
API CUresult cuLaunchKernel(void* f, u32 gx, u32 gy, u32 gz, u32 bx, u32 by, u32 bz, u32 dynamic_shared, void* handle, void** arguments,
                            void** extra) {
    STREAM(handle);
    auto* function = (Function*)f;
    if (extra) return 801;
    const u64 threads = (u64)bx * by * bz;
    if (!threads || threads > most_threads || bz > 64 || !gx || !gy || !gz || gy > 65535 || gz > 65535 || gx > 0x7fffffff) return 1;
    if (dynamic_shared > function->dynamic_limit) return 1;
    if (threads > function->kernel->most_threads) {
        set_last_error("kernel " + function->name + " has __launch_bounds__ of " + std::to_string(function->kernel->most_threads) +
                       " threads, launched with " + std::to_string(threads));
        return 701;
    }
    auto values = std::make_shared<std::vector<std::string>>(); // copied at the call, as the driver does
    for (u32 i = 0; i < function->kernel->argument_count; i++)
        values->emplace_back((const char*)arguments[i], function->kernel->argument_sizes[i]);
    return enqueue(stream, [=] {
        std::vector<void*> addresses;
        for (auto& v : *values) addresses.push_back(v.data());
        return run_launch({function->kernel, function->name.c_str(), {gx, gy, gz}, {bx, by, bz}, dynamic_shared, addresses.data()});
    });
}
