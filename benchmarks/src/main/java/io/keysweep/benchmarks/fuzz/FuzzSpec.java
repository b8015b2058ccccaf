package io.keysweep.benchmarks.fuzz;

import java.nio.file.Path;
import java.util.List;

/**
 * Describes a run of the fuzzer.
 *
 * @param command the command that starts the service
 * @param dcsTable the page {@code docs/dcs-compatibility.md}, whose table lists the operations of the DCS API (the API
 *     of Huawei Cloud's Distributed Cache Service)
 * @param seed the seed of all random choices
 * @param first the number of the first request, from 0. {@code --only N} sends request N of an earlier run again
 * @param requests the number of requests
 */
record FuzzSpec(List<String> command, Path dcsTable, long seed, long first, long requests) {}
