# linear over multipath, the upper device suspended with the flag, the
# lower one without: the flag of the upper suspend does not reach the
# lower device, a is flushed there and fails, and the upper suspend
# ends.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
create top
  0 1024 linear /dev/mapper/mp 512
message mp 0 fail_path /dev/sda
io a top w 0 8
suspend top --noflush --tag s &
suspend mp
wait s
----
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend top --noflush --tag s = ok
suspend mp = ok
