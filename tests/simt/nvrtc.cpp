// NVRTC's entry points: the machine's C++ compiler builds a shared object, whose bytes are the cubin.
#include "api.h"
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

extern char** environ;
namespace fs = std::filesystem;

namespace {
struct Program {
    std::string source, name, log, cubin;
    std::vector<std::pair<std::string, std::string>> headers;
};
std::string read(const fs::path& path) { std::ostringstream s; s << std::ifstream(path, std::ios::binary).rdbuf(); return s.str(); }
void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

bool run(const std::vector<std::string>& command, const fs::path& log) {
    std::vector<char*> arguments;
    for (auto& a : command) arguments.push_back((char*)a.c_str());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 2, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    pid_t process;
    int status = 1;
    const bool spawned = posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    if (!spawned) { std::ofstream(log, std::ios::app) << "cannot start the C++ compiler " << command[0] << "\n"; return false; }
    while (waitpid(process, &status, 0) < 0)
        if (errno != EINTR) return true; // reaped by someone else: the output tells
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

struct Kernel { std::string name, bounds; };

// What stands between the parenthesis at `at` and its partner; `at` moves behind that.
std::string in_parentheses(const std::string& text, size_t& at) {
    const size_t first = at + 1;
    for (int depth = 0; at < text.size();) {
        const char c = text[at++];
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (depth == 0) break;
    }
    return text.substr(first, at - first - 1);
}

// Kernels are found in the preprocessed text, by what __global__ became: the name before the first parenthesis of parameters. What
// __launch_bounds__ became may come before.
std::vector<Kernel> kernels(const std::string& text) {
    const std::string marker = "__attribute__((visibility(\"default\"), hot))", bounds_marker = "__attribute__((simt_bounds";
    std::vector<Kernel> found;
    for (size_t at = 0; (at = text.find(marker, at)) != std::string::npos;) {
        at += marker.size();
        std::string name, bounds;
        while (at < text.size() && text[at] != '(' && text[at] != ';' && text[at] != '{') {
            if (text.compare(at, bounds_marker.size(), bounds_marker) == 0) {
                at += bounds_marker.size();
                bounds = in_parentheses(text, at);
                at += 2; // the attribute's own
                continue;
            }
            if (!isalnum((unsigned char)text[at]) && text[at] != '_') { at++; continue; }
            name.clear();
            while (isalnum((unsigned char)text[at]) || text[at] == '_') name += text[at++];
        }
        const auto same = [&](const Kernel& k) { return k.name == name; };
        if (at >= text.size() || text[at] != '(' || name.empty() || std::any_of(found.begin(), found.end(), same)) continue;
        found.push_back({name, bounds.empty() ? "1024" : bounds});
    }
    return found;
}

std::vector<std::string> compiler_options(int count, const char** options, bool& checked) {
    std::vector<std::string> result;
    for (int i = 0; i < count; i++) {
        std::string o = options[i];
        auto prefixed = [&](const char* prefix) { return o.rfind(prefix, 0) == 0; };
        if (prefixed("--define-macro=")) o = "-D" + o.substr(15);
        else if (prefixed("--include-path=")) o = "-I" + o.substr(15);
        else if ((o == "-D" || o == "-I" || o == "--define-macro" || o == "--include-path") && i + 1 < count)
            o = (o == "-D" || o == "--define-macro" ? "-D" : "-I") + std::string(options[++i]);
        else if (!prefixed("-D") && !prefixed("-I")) continue;
        checked |= o == "-DSIMT_CHECKED=1" || o == "-DSIMT_CHECKED";
        result.push_back(o);
    }
    return result;
}

bool compile(Program* p, const fs::path& folder, int count, const char** options) {
    const char* chosen = getenv("CXX");
    const std::string compiler = chosen && *chosen ? chosen : SIMT_CXX;
    bool checked = false;
    std::vector<std::string> common{compiler, "-std=c++20", "-O2", "-g0", "-fPIC", "-fno-strict-aliasing", "-fwrapv",
                                    "-fstack-clash-protection", "-fvisibility=hidden",
                                    "-ffp-contract=fast", "-Wno-attributes", "-Wno-unknown-pragmas", "-Wno-psabi", "-DSIMT_DEVICE=1",
                                    "-I" + (folder / "headers").string(), "-I" + library_folder() + "/include"};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
        common.push_back("-march=x86-64-v3");
#endif
    for (auto& o : compiler_options(count, options, checked)) common.push_back(o);
    if (checked)
        for (auto o : {"-fsanitize=thread", "-fsanitize=bounds,alignment", "-fsanitize-undefined-trap-on-error"}) common.push_back(o);
    for (auto& [name, text] : p->headers) write(folder / "headers" / name, text);
    write(folder / "kernel.cpp", "#include \"simt.h\"\n#line 1 \"" + p->name + "\"\n" + p->source + "\n");
    const fs::path log = folder / "log", preprocessed = folder / "kernel.ii", object = folder / "kernel.o", library = folder / "kernel.so";

    auto step = [&](std::vector<std::string> more) { auto c = common; c.insert(c.end(), more.begin(), more.end()); return run(c, log); };
    bool good = step({"-E", (folder / "kernel.cpp").string(), "-o", preprocessed.string()});
    if (good) {
        std::string exports;
        for (auto& [k, bounds] : kernels(read(preprocessed))) {
            const std::string entry = "simt_entry<decltype(" + k + ")>";
            exports += "extern \"C\" __attribute__((visibility(\"default\"))) const simt_kernel simt_kernel_" + k + " = {" + entry +
                       "::call<" + k + ">, " + entry + "::count, " + entry + "::sizes, " + (checked ? "1" : "0") + ", simt_first(" +
                       bounds + "), simt_anchor};\n";
        }
        std::ofstream(preprocessed, std::ios::app) << exports;
        good = step({"-x", "c++-cpp-output", "-c", preprocessed.string(), "-o", object.string()});
    }
    // The module names this library by its soname, never by a path, so that a cached cubin works wherever the library lies.
    if (good) good = run({compiler, "-shared", object.string(), library_folder() + "/libsimt.so", "-o", library.string()}, log);
    p->log = read(log);
    p->cubin = good ? read(library) : "";
    return !p->cubin.empty();
}
}

std::string library_folder() {
    Dl_info info;
    dladdr((void*)library_folder, &info);
    return fs::canonical(info.dli_fname).parent_path().string();
}

// The minor version carries the sources' hash, so that caches keyed by version never serve another build's modules.
API int nvrtcVersion(int* major, int* minor) { *major = 12; *minor = SIMT_BUILD; return 0; }
API int nvrtcGetNumSupportedArchs(int* count) { *count = 2; return 0; }
API int nvrtcGetSupportedArchs(int* architectures) { architectures[0] = 80; architectures[1] = 90; return 0; }
API int nvrtcCreateProgram(Program** p, const char* source, const char* name, int count, const char** headers, const char** names) {
    *p = new Program{source, name ? name : "kernel.cu", "", "", {}};
    for (int i = 0; i < count; i++) (*p)->headers.emplace_back(names[i], headers[i]);
    return 0;
}
API int nvrtcDestroyProgram(Program** p) { delete *p; *p = nullptr; return 0; }
API int nvrtcCompileProgram(Program* p, int count, const char** options) {
    std::string folder = (fs::temp_directory_path() / "simt-XXXXXX").string();
    if (!mkdtemp(folder.data())) return 1;
    const bool good = compile(p, folder, count, options);
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    return good ? 0 : 6;
}
API int nvrtcGetProgramLogSize(Program* p, size_t* n) { *n = p->log.size() + 1; return 0; }
API int nvrtcGetProgramLog(Program* p, char* text) { memcpy(text, p->log.c_str(), p->log.size() + 1); return 0; }
API int nvrtcGetCUBINSize(Program* p, size_t* n) { *n = p->cubin.size(); return 0; }
API int nvrtcGetCUBIN(Program* p, char* bytes) { memcpy(bytes, p->cubin.data(), p->cubin.size()); return 0; }
API int nvrtcGetPTXSize(Program* p, size_t* n) { return nvrtcGetCUBINSize(p, n); }
API int nvrtcGetPTX(Program* p, char* bytes) { return nvrtcGetCUBIN(p, bytes); }
API const char* nvrtcGetErrorString(int code) {
    return code == 0 ? "NVRTC_SUCCESS" : code == 6 ? "NVRTC_ERROR_COMPILATION" : "NVRTC_ERROR_PROGRAM_CREATION_FAILURE";
}
