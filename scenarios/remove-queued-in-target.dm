# A device with I/O that waits in its target is not removed, because the
# application has it open. Once the I/O has failed it is.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp r 0 8
remove mp
message mp 0 fail_if_no_path
wait a
remove mp
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
remove mp = EBUSY
message mp 0 fail_if_no_path = ok
io a = EIO
remove mp = ok
