-- PostgreSQL before 18 adds 10,000,000,000 to the cost of a sequential scan that is disabled, and
-- log_head can be read in no other way: where jit is on, as it is by default, every call would be
-- compiled by LLVM, for 30 ms.
ALTER FUNCTION log_append SET jit = off;
ALTER FUNCTION log_take_in SET jit = off;
ALTER FUNCTION log_position_at SET jit = off;
