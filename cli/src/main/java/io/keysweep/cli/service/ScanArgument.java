package io.keysweep.cli.service;

import picocli.CommandLine.Parameters;

/** Defines the first parameter of commands about one scan: its id, or the name of its instance. */
final class ScanArgument {

    @Parameters(
            index = "0",
            paramLabel = "SCAN",
            description = "id of the scan, see 'keysweep scans list', or name of an instance for its newest scan")
    private String typed = "";

    /** Returns the scan as the user has typed it. */
    String typed() {
        return typed;
    }

    /** Returns the id of the scan. Asks the service if the user has typed the name of an instance. */
    String id(ServiceClient client) throws InterruptedException {
        return new IdResolver(client).scanId(typed);
    }
}
