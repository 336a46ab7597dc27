# Patch 4 lets the targets use the names; the values are as before.
# linear and striped remap, zero completes by itself, error fails, and
# multipath remaps, queues (d) and, told not to queue, fails (e).
era: series:4 series:3 2.6.20
mode: bio

disk sda 2048
disk sdb 2048
create t
  0 16 linear /dev/sda 100
  16 32 striped 2 8 /dev/sda 200 /dev/sdb 200
  48 16 zero
  64 16 error
io a t w 8 32
wait a
io b t r 8 32
io c t r 40 16
io z t r 56 16
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
io m mp r 200 8
message mp 0 fail_path /dev/sdb
io d mp r 0 8
message mp 0 fail_if_no_path
io e mp r 0 8
----
create t = ok
io a = ok
io b = ok, reads a*32
io c = ok, reads -*16
io z = EIO
create mp = ok
io m = ok, reads a*8
message mp 0 fail_path /dev/sdb = ok
message mp 0 fail_if_no_path = ok
io d = EIO
io e = EIO
