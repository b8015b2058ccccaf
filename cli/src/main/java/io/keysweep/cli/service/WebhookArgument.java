package io.keysweep.cli.service;

import picocli.CommandLine.Parameters;

/** Defines the first parameter of commands about one webhook: its URL or id. */
final class WebhookArgument {

    @Parameters(
            index = "0",
            paramLabel = "WEBHOOK",
            description = "URL or id of the webhook, see 'keysweep webhooks list'")
    private String typed = "";

    /** Returns the argument as the user has typed it. */
    String typed() {
        return typed;
    }

    /** Returns the id of the webhook. Asks the service if the user has typed a URL. */
    String id(ServiceClient client) throws InterruptedException {
        return new IdResolver(client).webhookId(typed);
    }
}
