# Patch 5 passes DM_NOFLUSH_FLAG to dm_suspend, where nothing reads it
# yet: the file system is frozen (lock_fs is called, and fails here),
# and queued I/O is flushed. From patch 6 on noflush skips lock_fs.
era: series:5 series:4 series:6 2.6.20
mode: bio
model-only: freeze_bdev does not fail on demand

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp r 0 8
fault lock_fs mp
suspend mp --noflush
info mp
---- series:5 series:4
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = EROFS
io a = EIO
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      1
---- series:6
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
  State:             SUSPENDED
  Tables present:    LIVE
  Open count:        0
  Event number:      1
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
  State:             SUSPENDED
  Tables present:    LIVE
  Open count:        1
  Event number:      1
io a = held in the core
