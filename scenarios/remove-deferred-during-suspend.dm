# A deferred remove while a noflush suspend waits for I/O that is with
# the disk: neither waits for the other. When a is done and closed the
# device goes, suspended or not yet.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp w 0 8
suspend mp --noflush --tag s &
remove mp --deferred
release sda ok
wait a
wait s
----
create mp = ok
remove mp --deferred = EBUSY
io a = ok
suspend mp --noflush --tag s = ok
---- kernel 6.1 6.12
# dm_lock_for_deletion: the open device gets DMF_DEFERRED_REMOVE, and
# dev_remove says 0; 2.6.20 knows no such flag.
create mp = ok
remove mp --deferred = ok
suspend mp --noflush --tag s = ok
io a = ok
