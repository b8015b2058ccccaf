package io.keysweep.cli.service;

import picocli.CommandLine.Parameters;

/** Defines the first parameter of commands about one instance: its name or id. */
final class InstanceArgument {

    @Parameters(
            index = "0",
            paramLabel = "INSTANCE",
            description = "name or id of the instance, see 'keysweep instances list'")
    private String typed = "";

    /** Returns the instance as the user has typed it. */
    String typed() {
        return typed;
    }

    /** Returns the id of the instance. Asks the service if the user has typed a name. */
    String id(ServiceClient client) throws InterruptedException {
        return new IdResolver(client).instanceId(typed);
    }
}
