package io.keysweep.benchmarks.fuzz;

import java.nio.file.Path;
import java.util.List;

/**
 * Describes a run of the fuzzer.
 *
 * @param command the command that starts the service
 * @param dcsTable the documentation with the table of the operations of the DCS API (the API of Huawei Cloud's
 *     Distributed Cache Service)
 * @param seed the seed of all random choices
 * @param first the number of the first request
 * @param requests the number of requests
 */
record FuzzSpec(List<String> command, Path dcsTable, long seed, long first, long requests) {}
