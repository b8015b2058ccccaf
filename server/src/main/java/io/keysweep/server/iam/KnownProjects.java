package io.keysweep.server.iam;

import org.springframework.stereotype.Component;

/** Which projects there are. */
@Component
public final class KnownProjects {

    private final IamStore store;

    KnownProjects(IamStore store) {
        this.store = store;
    }

    /** Whether there is a project of that id. */
    public boolean exists(String id) {
        return store.project(id).isPresent();
    }
}
