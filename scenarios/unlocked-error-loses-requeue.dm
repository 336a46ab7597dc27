# P1 is a read and a write without a lock (D-02, F5): the linear half
# reads that there is no error yet, the multipath half stores REQUEUE,
# and the linear half stores -EIO over it. The I/O fails although its
# push-back was asked for and NOFLUSH was still set at P3 (S7). Compare
# error-after-requeue.
era: 2.6.20 series:7
mode: bio
model-only: two completions race between two instructions

disk sda 2048
disk sdb 2048
create d
  0 1024 linear /dev/sda 0
  1024 1024 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
message d 1024 fail_path /dev/sdb
hold sda
io a d w 1020 8
release sda error
step a.0 until P1c
suspend d --noflush --tag s &
status d
step a.0
wait s
----
create d = ok
message d 1024 fail_path /dev/sdb = ok
  0 1024 linear
  1024 1024 multipath 1 0 0 1 1 E 0 1 0 8:16 F 1
status d = ok
io a = EIO
suspend d --noflush --tag s = ok
