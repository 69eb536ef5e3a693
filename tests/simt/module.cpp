#include "module.h"
#include "launch.h"
#include <dlfcn.h>
#include <elf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <algorithm>

static auto& loaded = *new std::map<std::string, void*>; // by their bytes; never closed

// The file's length, from its headers: the section table lies last.
static size_t elf_length(const void* image, size_t& thread_local_bytes) {
    const auto* header = (const Elf64_Ehdr*)image;
    if (memcmp(header->e_ident, ELFMAG, SELFMAG) || header->e_type != ET_DYN) return 0;
    size_t end = header->e_shoff + (size_t)header->e_shnum * header->e_shentsize;
    const auto* segments = (const Elf64_Phdr*)((const char*)image + header->e_phoff);
    for (int i = 0; i < header->e_phnum; i++) {
        end = std::max<size_t>(end, segments[i].p_offset + segments[i].p_filesz);
        if (segments[i].p_type == PT_TLS) thread_local_bytes = segments[i].p_memsz;
    }
    return end;
}

int load_module(const void* image, Module** module) {
    size_t shared = 0;
    const size_t length = elf_length(image, shared);
    if (!length) return 200;
    void*& library = loaded[std::string((const char*)image, length)];
    if (!library) {
        // The descriptor stays open: dlopen knows libraries by their path, and a number used again would name the old one.
        const int file = memfd_create("simt-module", MFD_CLOEXEC);
        if (file < 0 || write(file, image, length) != (ssize_t)length) return 2;
        library = dlopen(("/proc/self/fd/" + std::to_string(file)).c_str(), RTLD_NOW | RTLD_LOCAL);
        if (!library) { set_last_error(dlerror()); return 209; }
    }
    *module = new Module{library, shared, {}};
    return 0;
}

Function* find_function(Module* module, const char* name) {
    auto* kernel = (const simt_kernel*)dlsym(module->library, ("simt_kernel_" + std::string(name)).c_str());
    if (!kernel) return nullptr;
    return &module->functions.try_emplace(name, Function{kernel, module, name}).first->second;
}
