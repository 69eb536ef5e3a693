// From cuLaunchKernel's array of argument addresses to a typed call; nvrtc.cpp adds one table per kernel.
#pragma once

template <unsigned... index> struct simt_indices {};
template <unsigned n, unsigned... rest> struct simt_count : simt_count<n - 1, n - 1, rest...> {};
template <unsigned... rest> struct simt_count<0, rest...> { typedef simt_indices<rest...> type; };
template <class T> struct simt_mutable { typedef T type; };
template <class T> struct simt_mutable<const T> { typedef T type; };

template <class> struct simt_entry;
template <class... Arguments> struct simt_entry<void(Arguments...)> {
    static constexpr u32 count = sizeof...(Arguments);
    static inline const u32 sizes[sizeof...(Arguments) + 1] = {(u32)sizeof(Arguments)..., 0};
    template <void (*kernel)(Arguments...), unsigned... index> SIMT_INTERNAL static void expand(void** arguments, simt_indices<index...>) {
        (void)arguments;
        kernel(*(typename simt_mutable<Arguments>::type*)arguments[index]...);
    }
    template <void (*kernel)(Arguments...)> SIMT_INTERNAL static void call(void** arguments) {
        expand<kernel>(arguments, typename simt_count<sizeof...(Arguments)>::type{});
    }
};
constexpr u32 simt_first(u32 most_threads, u32 = 0) { return most_threads; }
static thread_local char simt_anchor_byte;
SIMT_INTERNAL static __attribute__((unused)) void* simt_anchor() { return &simt_anchor_byte; }
