package io.keysweep.server.console;

import io.keysweep.api.BuildVersion;
import io.keysweep.server.config.Role;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.console.page.FormError;
import io.keysweep.server.console.page.PageFormat;
import io.keysweep.server.console.page.PagePaths;
import io.keysweep.server.console.page.Permissions;
import io.keysweep.server.iam.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/**
 * Adds the attributes that the template of every page reads, such as caller, permissions, format and form error.
 *
 * <p>Spring calls these methods before each method of a controller of this package and its subpackages. The caller is
 * null on the sign-in page.
 */
@ControllerAdvice(basePackageClasses = ConsoleModel.class)
final class ConsoleModel {

    private final InstantSource clock;
    private final MessageSource messages;
    private final PagePaths pages;
    private final boolean servesApis;
    private final @Nullable String issuerName;

    ConsoleModel(InstantSource clock, MessageSource messages, PagePaths pages, ServiceSettings settings) {
        this.clock = clock;
        this.messages = messages;
        this.pages = pages;
        this.servesApis = settings.roles().contains(Role.API);
        this.issuerName = settings.oidc() == null ? null : settings.oidc().name();
    }

    @ModelAttribute("caller")
    @Nullable Caller caller(@AuthenticationPrincipal @Nullable Caller caller) {
        return caller;
    }

    @ModelAttribute("permissions")
    Permissions permissions(@AuthenticationPrincipal @Nullable Caller caller) {
        return Permissions.of(caller);
    }

    /** Returns the pages of the navigation that the caller may see. */
    @ModelAttribute("mainPages")
    List<PageLink> mainPages(@AuthenticationPrincipal @Nullable Caller caller) {
        return caller == null ? List.of() : PageLink.main(caller);
    }

    @ModelAttribute("format")
    PageFormat format(Locale locale) {
        return new PageFormat(clock.instant(), messages, locale);
    }

    /**
     * Returns the path to which a change of the language returns: the requested page or, after a form was sent, the
     * page that contains the form.
     */
    @ModelAttribute("path")
    String path(HttpServletRequest request) {
        return request.getMethod().equals("GET") ? request.getRequestURI() : pages.pageOf(request.getRequestURI());
    }

    /**
     * Returns the version that a form was sent with; null without one. A refused form keeps this version, so that it
     * cannot overwrite a change that was made after the page was opened.
     */
    @ModelAttribute("sentVersion")
    @Nullable String sentVersion(HttpServletRequest request) {
        return request.getParameter("version");
    }

    /** Returns the version and the commit that the footer shows. */
    @ModelAttribute("build")
    String build() {
        return BuildVersion.current().toString();
    }

    /** Returns whether this process serves the page about the APIs. If it does, the footer has a link to that page. */
    @ModelAttribute("servesApis")
    boolean servesApis() {
        return servesApis;
    }

    /** Returns the name of the OpenID Connect issuer at which users can sign in; null if there is none. */
    @ModelAttribute("issuerName")
    @Nullable String issuerName() {
        return issuerName;
    }

    /** Returns no error; {@link FormError#orPage} replaces this attribute if a form is refused. */
    @ModelAttribute("formError")
    FormError formError() {
        return FormError.NONE;
    }
}
