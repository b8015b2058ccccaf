package io.keysweep.cli.service;

import picocli.CommandLine.Parameters;

/** Defines the first parameter of commands about one project: its name or id. */
final class ProjectArgument {

    @Parameters(
            index = "0",
            paramLabel = "PROJECT",
            description = "name or id of the project, see 'keysweep projects list'")
    private String typed = "";

    /** Returns the argument as the user has typed it. */
    String typed() {
        return typed;
    }

    /** Returns the id of the project. Asks the service if the user has typed a name. */
    String id(ServiceClient client) throws InterruptedException {
        return new IdResolver(client).projectId(typed);
    }
}
