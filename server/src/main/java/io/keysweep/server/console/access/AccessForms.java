package io.keysweep.server.console.access;

import io.keysweep.api.AccessPolicyView;
import io.keysweep.api.ProjectView;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.ConsoleLocales;
import io.keysweep.server.console.page.FormError;
import io.keysweep.server.console.page.Permissions;
import io.keysweep.server.console.page.RefusalText;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.principal.AccessOperations;
import io.keysweep.server.instance.InstanceAccess;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/**
 * Handles the forms about projects, access keys, users and access policies, and shows the reason if a form is refused.
 * Thread-safe.
 */
@Component
final class AccessForms {

    /** The path of the page that lists projects. */
    static final String PROJECTS = ConsolePath.ROOT + "/projects";

    /** A number that {@link #addPage} treats as the last page. */
    static final String LAST_PAGE = "999999";

    /** Number of rows of a list on one page. */
    private static final int ROWS_PER_PAGE = 50;

    private final AccessOperations access;
    private final InstanceAccess instances;
    private final MessageSource messages;

    AccessForms(AccessOperations access, InstanceAccess instances, MessageSource messages) {
        this.access = access;
        this.instances = instances;
        this.messages = messages;
    }

    /**
     * Adds to the model what all pages of a project show: the project, its access policies, the names of all actions,
     * and the names of instances.
     *
     * @throws RequestRefusedException if the caller is not allowed to see the project
     */
    void show(Caller caller, String projectId, Model model) {
        ProjectView project = access.project(caller, projectId);
        addProject(caller, project, access.policies(caller, project.id()), model);
        model.addAttribute("section", "access");
    }

    /**
     * Adds to the model what all pages of access keys show. A user without any permission can open these pages, because
     * they also serve the user's own keys.
     */
    void showKeys(Caller caller, String projectId, Model model) {
        ProjectView project = access.projectOfKeys(caller, projectId);
        addProject(caller, project, access.policiesOfKeys(caller, project.id()), model);
        model.addAttribute("section", Permissions.of(caller).manageAccess() ? "access" : "");
    }

    private void addProject(Caller caller, ProjectView project, List<AccessPolicyView> policies, Model model) {
        model.addAttribute("project", project);
        model.addAttribute("accessPolicies", policies);
        model.addAttribute("actions", AccessOperations.actions());
        model.addAttribute("instanceNames", names(caller, project.id()));
    }

    /**
     * Adds to the model the rows of one page of a list, the number of the page, and whether more pages follow.
     *
     * @param name attribute of the rows
     * @param rows the rows of all pages
     * @param page number of the page, from 1; any other text is treated as 1, and a page beyond the last page as the
     *     last one
     */
    static void addPage(String name, List<?> rows, String page, Model model) {
        int requestedPage = page.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(page) : 1;
        int pageNumber = Math.min(requestedPage, Math.max(1, Math.ceilDiv(rows.size(), ROWS_PER_PAGE)));
        int end = Math.min(pageNumber * ROWS_PER_PAGE, rows.size());
        model.addAttribute(name, rows.subList((pageNumber - 1) * ROWS_PER_PAGE, end));
        model.addAttribute("page", pageNumber);
        model.addAttribute("hasMore", end < rows.size());
    }

    /**
     * Returns the number of the page that contains a row, as text for {@link #addPage}.
     *
     * @param index index of the row in the list, from 0; -1 for a row that is not in the list, which stands for the
     *     first page
     */
    static String pageWith(int index) {
        return String.valueOf(index / ROWS_PER_PAGE + 1);
    }

    /** Returns the names of the instances that forms about a project can contain. */
    InstanceNames names(Caller caller, String projectId) {
        return InstanceNames.of(caller, projectId, instances);
    }

    /**
     * Handles a form by {@link FormError#orPage}. If the form is refused, its page is shown again with the reason.
     *
     * <p>The page is also shown again if the caller is not allowed to send these values. For example, they grant or
     * revoke a right that the caller does not have. Such a refusal has the status 403, which {@code FormError} alone
     * would answer with the error page. But here the caller can succeed with other values.
     *
     * @param form the name of the form on its page
     * @param field the field of the form with the rights, which gets the message about a right that the caller does not
     *     have; an empty text if the form has none
     * @param handler handles the form
     * @param page renders the page of the form again
     * @return name of the view, or a redirect
     */
    String handleOrShowAgain(
            String form,
            String field,
            FormError.Handler handler,
            Model model,
            HttpServletResponse response,
            FormError.Handler page) {
        try {
            return FormError.orPage(form, () -> explainRefusal(handler), model, response, page);
        } catch (RequestRefusedException e) {
            if (e.code() != ErrorCode.ACTION_DENIED || e.detail() == null) {
                throw e;
            }
            AuditTrail.error(e.code().code());
            boolean isMissingRight = Caller.ONLY_OWN_ACTIONS.equals(e.detailPhrase());
            String text = isMissingRight ? message("access.cannotGive", e.subject()) : RefusalText.message(e);
            response.setStatus(e.code().status());
            model.addAttribute(
                    "formError",
                    new FormError(
                            form, isMissingRight && !field.isEmpty() ? Map.of(field, text) : Map.of(), text, e.code()));
            // view() throws again if the caller is not even allowed to see the page.
            return page.view();
        }
    }

    /** Handles the form, and replaces the detail of a refusal by a sentence of the message catalogue. */
    private String explainRefusal(FormError.Handler handler) {
        try {
            return handler.view();
        } catch (RequestRefusedException e) {
            String key = switch (e.code()) {
                case OWN_ACCESS_KEY, OWN_USER -> "access.own";
                case LAST_ADMINISTRATOR -> "access.lastAdministrator";
                case ACCESS_POLICY_IN_USE -> "access.policyInUse";
                case ACCESS_KEY_UNUSABLE -> "access.keyUnusable";
                case PROJECT_NOT_EMPTY -> "access.projectNotEmpty";
                case BUILT_IN_ROLE -> "access.builtIn";
                case STALE -> "access.stale";
                default -> null;
            };
            throw key == null ? e : RequestRefusedException.of(e.code(), message(key));
        }
    }

    /** Returns the path of a page of a project, such as {@code /console/projects/ID/users}. */
    static String path(String projectId, String page) {
        return PROJECTS + "/" + projectId + "/" + page;
    }

    private String message(String key, Object... arguments) {
        return messages.getMessage(key, arguments, ConsoleLocales.supported(LocaleContextHolder.getLocale()));
    }
}
