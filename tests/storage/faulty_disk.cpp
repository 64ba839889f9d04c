#include "faulty_disk.h"

#include <cstddef>
#include <new>

#include <sqlite3.h>

namespace alcuin::tests {

namespace {

struct Fault {
    bool armed = false;
    bool failed = false;
    int allowed = 0;
    int code = SQLITE_OK;
};
Fault fault;
sqlite3_vfs* realDisk = nullptr;

/// Our part of an open file; the real one follows it in memory.
struct File {
    sqlite3_file base;
    sqlite3_file* real;
};

sqlite3_file* real(sqlite3_file* file) {
    return reinterpret_cast<File*>(file)->real;
}

/// SQLITE_OK, or what a disk that takes nothing more says.
int spend() {
    if (!fault.armed) {
        return SQLITE_OK;
    }
    if (fault.allowed > 0) {
        --fault.allowed;
        return SQLITE_OK;
    }
    fault.failed = true;
    return fault.code;
}

int closeFile(sqlite3_file* file) {
    return real(file)->pMethods->xClose(real(file));
}
int readFile(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
    return real(file)->pMethods->xRead(real(file), to, size, at);
}
int writeFile(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
    if (const int code = spend(); code != SQLITE_OK) {
        return code;
    }
    return real(file)->pMethods->xWrite(real(file), from, size, at);
}
int truncateFile(sqlite3_file* file, sqlite3_int64 size) {
    return real(file)->pMethods->xTruncate(real(file), size);
}
int syncFile(sqlite3_file* file, int flags) {
    if (fault.armed && fault.code == SQLITE_IOERR_FSYNC) {
        if (const int code = spend(); code != SQLITE_OK) {
            return code;
        }
    }
    return real(file)->pMethods->xSync(real(file), flags);
}
int fileSize(sqlite3_file* file, sqlite3_int64* size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}
int lockFile(sqlite3_file* file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
}
int unlockFile(sqlite3_file* file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}
int checkReservedLock(sqlite3_file* file, int* held) {
    return real(file)->pMethods->xCheckReservedLock(real(file), held);
}
int fileControl(sqlite3_file* file, int operation, void* argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
int sectorSize(sqlite3_file* file) {
    return real(file)->pMethods->xSectorSize(real(file));
}
int deviceCharacteristics(sqlite3_file* file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int shmMap(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
    return real(file)->pMethods->xShmMap(real(file), region, size, extend, memory);
}
int shmLock(sqlite3_file* file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void shmBarrier(sqlite3_file* file) {
    real(file)->pMethods->xShmBarrier(real(file));
}
int shmUnmap(sqlite3_file* file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

const sqlite3_io_methods kMethods = {
    2,          closeFile,         readFile,    writeFile,  truncateFile,          syncFile, fileSize, lockFile,
    unlockFile, checkReservedLock, fileControl, sectorSize, deviceCharacteristics, shmMap,   shmLock,  shmBarrier,
    shmUnmap,   nullptr,           nullptr};

int openFile(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* outFlags) {
    auto* ours = new (file) File{};
    ours->real = reinterpret_cast<sqlite3_file*>(ours + 1);
    const int code = realDisk->xOpen(realDisk, name, ours->real, flags, outFlags);
    ours->base.pMethods = code == SQLITE_OK ? &kMethods : nullptr;
    return code;
}

sqlite3_vfs faultyVfs{};

} // namespace

FaultyDisk::FaultyDisk() {
    fault = {};
    realDisk = sqlite3_vfs_find(nullptr);
    faultyVfs = *realDisk;
    faultyVfs.zName = "faulty";
    faultyVfs.pNext = nullptr;
    faultyVfs.szOsFile = static_cast<int>(sizeof(File)) + realDisk->szOsFile;
    faultyVfs.xOpen = openFile;
    sqlite3_vfs_register(&faultyVfs, 1);
}

FaultyDisk::~FaultyDisk() {
    sqlite3_vfs_unregister(&faultyVfs);
    sqlite3_vfs_register(realDisk, 1);
}

void FaultyDisk::failAfter(int allowed, int code) {
    fault = {true, false, allowed, code};
}

void FaultyDisk::heal() {
    fault.armed = false;
}

bool FaultyDisk::hasFailed() const {
    return fault.failed;
}

} // namespace alcuin::tests
