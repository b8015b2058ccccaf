/** What a run leaves behind: the machine it ran on, a file of JSON, a table. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.result;
