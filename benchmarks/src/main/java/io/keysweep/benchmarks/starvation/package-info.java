/** What the server's own expiry leaves behind while keys expire all the time, alone and beside a sweep. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.starvation;
