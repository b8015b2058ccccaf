package io.keysweep.server.console;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.Permissions;
import io.keysweep.server.iam.Caller;
import java.util.ArrayList;
import java.util.List;

/**
 * Names a page of the console to which the navigation or the command palette leads.
 *
 * @param path path of the page
 * @param key key of its title in the message catalogue
 */
record PageLink(String path, String key) {

    /** Returns the pages of the navigation that a caller may see, in their order. */
    static List<PageLink> main(Caller caller) {
        Permissions permissions = Permissions.of(caller);
        List<PageLink> pages = new ArrayList<>();
        pages.add(new PageLink(ConsolePath.ROOT, "nav.overview"));
        add(pages, permissions.listScans(), "/scans", "nav.scans");
        add(pages, permissions.listScans(), "/holds", "nav.holds");
        add(pages, permissions.listScans(), "/approvals", "nav.approvals");
        add(pages, permissions.seeProject(), "/policies", "nav.policies");
        add(pages, permissions.seeProject(), "/ceilings", "nav.ceilings");
        add(pages, permissions.manageWebhooks(), "/webhooks", "nav.webhooks");
        add(pages, permissions.manageAccess(), project(caller, "/access-keys"), "nav.access");
        add(pages, permissions.seeAudit(), "/audit", "nav.audit");
        add(pages, permissions.seeWorkers(), "/workers", "nav.workers");
        return pages;
    }

    /**
     * Returns the pages of {@link #main}, and after them the other pages that a caller may see without choosing an
     * instance.
     */
    static List<PageLink> all(Caller caller) {
        Permissions permissions = Permissions.of(caller);
        List<PageLink> pages = new ArrayList<>(main(caller));
        add(pages, permissions.manageAccess(), project(caller, "/users"), "access.users");
        add(pages, permissions.manageAccess(), project(caller, "/access-policies"), "access.policies");
        add(pages, permissions.manageAccess(), "/projects", "access.projects");
        add(pages, permissions.manageInstances(), "/register", "fleet.register");
        if (caller.kind().equals("user")) {
            add(
                    pages,
                    /* visible= */ true,
                    project(caller, "/access-keys?owner=" + caller.accessKey()),
                    "access.keys.own");
            add(pages, /* visible= */ true, "/password", "password.title");
        }
        return pages;
    }

    private static String project(Caller caller, String page) {
        return "/projects/" + caller.projectId() + page;
    }

    private static void add(List<PageLink> pages, boolean visible, String path, String key) {
        if (visible) {
            pages.add(new PageLink(ConsolePath.ROOT + path, key));
        }
    }
}
