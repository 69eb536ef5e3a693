// cp.async: the source is read when the copy starts, the destination is poison until its group was waited for.
#include "block.h"
#include <string.h>

extern "C" {
void simt_async_copy(void* shared, const void* global, u32 bytes) {
    if (((uintptr_t)shared | (uintptr_t)global) & (bytes - 1))
        fail(716, "misaligned access: cp.async of %u bytes from %p to %p", bytes, global, shared);
    if (worker->checked) {
        if (global) simt_note_read(global, bytes);
        check_access(shared, bytes, Access::AsyncWrite);
    }
    AsyncCopy copy{(unsigned char*)shared, bytes, {}};
    if (global) memcpy(copy.data, global, bytes);
    memset(shared, 0xff, bytes);
    current->copies.push_back(copy);
}

void simt_async_commit() { current->groups.push_back((u32)current->copies.size()); }

void simt_async_wait(u32 pending) {
    Fiber* f = current;
    if (f->groups.size() <= pending) return;
    const size_t finished = f->groups.size() - pending;
    const u32 count = f->groups[finished - 1];
    for (u32 i = 0; i < count; i++) {
        if (worker->checked) simt_note_write(f->copies[i].to, f->copies[i].bytes);
        memcpy(f->copies[i].to, f->copies[i].data, f->copies[i].bytes);
    }
    f->copies.erase(f->copies.begin(), f->copies.begin() + count);
    f->groups.erase(f->groups.begin(), f->groups.begin() + (long)finished);
    for (u32& end : f->groups) end -= count;
}
}
