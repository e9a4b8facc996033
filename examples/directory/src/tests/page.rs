/// The page's tables: a code, its status, its default message; and what leads to it, a request a
/// line, as its method, path, token and body.
pub(super) const PAGE: [(&str, u16, &str, &str); 35] = [
    ("AUTH_001", 401, "Missing or invalid authentication token", "GET /users/u1 dt_unknown"),
    ("AUTH_002", 401, "Token expired", "GET /users/u1 dt_expired"),
    (
        "AUTH_003",
        401,
        "Invalid credentials",
        r#"POST /login - {"email":"root@directory.test","password":"guessed"}"#,
    ),
    (
        "AUTH_004",
        401,
        "MFA required",
        r#"POST /login - {"email":"careful@directory.test","password":"correct horse 7!"}"#,
    ),
    (
        "AUTH_005",
        401,
        "Invalid MFA code",
        r#"POST /login - {"email":"careful@directory.test","password":"correct horse 7!","code":"-"}"#,
    ),
    (
        "AUTH_006",
        403,
        "Account disabled",
        r#"POST /login - {"email":"gone@directory.test","password":"correct horse 7!"}"#,
    ),
    (
        "AUTH_007",
        429,
        "Too many login attempts",
        r#"POST /login - {"email":"root@directory.test","password":"correct horse 7!"}
           POST /login - {"email":"root@directory.test","password":"correct horse 7!"}"#,
    ),
    (
        "AUTH_008",
        400,
        "Invalid or expired password reset token",
        r#"POST /password-reset - {"token":"dt_admin","password":"another horse 8!"}"#,
    ),
    (
        "AUTH_009",
        400,
        "Password too weak",
        r#"POST /users dt_admin {"email":"new@directory.test","password":"horse"}"#,
    ),
    (
        "AUTH_010",
        409,
        "Email already registered",
        r#"POST /users dt_admin {"email":"ROOT@directory.test","password":"another horse 8!"}"#,
    ),
    (
        "APP_001",
        400,
        "Invalid application data",
        r#"POST /applications dt_admin {"name":"Portal"}"#,
    ),
    ("APP_002", 404, "Application not found", "GET /applications/zz dt_admin"),
    (
        "APP_003",
        409,
        "Application slug already exists",
        r#"POST /applications dt_admin {"name":"Portal","slug":"console"}"#,
    ),
    (
        "APP_004",
        400,
        "Cannot delete application with active users",
        "DELETE /applications/a1 dt_admin",
    ),
    (
        "APP_005",
        403,
        "User does not have access to this application",
        "GET /applications/a1 dt_plain",
    ),
    (
        "PERM_001",
        400,
        "Invalid permission format",
        r#"POST /applications/a1/permissions dt_admin {"name":"everything"}"#,
    ),
    ("PERM_002", 404, "Role not found", "GET /applications/a1/roles/none dt_admin"),
    ("PERM_003", 404, "Permission not found", "GET /applications/a1/permissions/a:b dt_admin"),
    (
        "PERM_004",
        409,
        "Role name already exists in this application",
        r#"POST /applications/a1/roles dt_admin {"name":"editor"}
           POST /applications/a1/roles dt_admin {"name":"editor"}"#,
    ),
    (
        "PERM_005",
        409,
        "Permission already defined",
        r#"POST /applications/a1/permissions dt_admin {"name":"pages:edit"}
           POST /applications/a1/permissions dt_admin {"name":"pages:edit"}"#,
    ),
    (
        "PERM_006",
        400,
        "Cannot delete role assigned to active users",
        r#"POST /applications/a1/roles dt_admin {"name":"editor"}
           PUT /applications/a1/roles/editor/users/u1 dt_admin
           DELETE /applications/a1/roles/editor dt_admin"#,
    ),
    ("SUB_001", 404, "Subscription plan not found", "DELETE /plans/none dt_admin"),
    (
        "SUB_002",
        409,
        "User already has an active subscription",
        r#"POST /users/u1/subscription dt_admin {"plan":"team","days":30}
           POST /users/u1/subscription dt_admin {"plan":"free","days":30}"#,
    ),
    (
        "SUB_003",
        400,
        "Plan has active subscribers, cannot delete",
        r#"POST /users/u1/subscription dt_admin {"plan":"team","days":30}
           DELETE /plans/team dt_admin"#,
    ),
    (
        "SUB_004",
        400,
        "Subscription expired",
        r#"POST /users/u1/subscription dt_admin {"plan":"team","days":0}
           PUT /applications/a1/users/u1/consumption/pages dt_admin {"value":1}"#,
    ),
    (
        "CONS_001",
        400,
        "Invalid key format",
        r#"PUT /applications/a1/users/u1/consumption/Pages dt_admin {"value":1}"#,
    ),
    (
        "CONS_002",
        400,
        "Value must be a finite number",
        r#"PUT /applications/a1/users/u1/consumption/pages dt_admin {"value":"NaN"}"#,
    ),
    (
        "CONS_003",
        404,
        "User and application combination not found",
        r#"PUT /applications/a1/users/u2/consumption/pages dt_admin {"value":1}"#,
    ),
    (
        "CONS_004",
        403,
        "Caller not authorized (requires client_credentials)",
        r#"PUT /applications/a1/users/u1/consumption/pages dt_plain {"value":1}"#,
    ),
    ("USR_001", 404, "User not found", "GET /users/none dt_admin"),
    ("USR_002", 400, "Cannot delete the last superadmin", "DELETE /users/u1 dt_admin"),
    (
        "USR_003",
        400,
        "Invalid user data",
        r#"POST /users dt_admin {"email":"nobody","password":"another horse 8!"}"#,
    ),
    ("SRV_001", 500, "Internal server error", "GET /demo/panic dt_admin"),
    (
        "SRV_002",
        503,
        "Service temporarily unavailable",
        "DIE-HALF-WAY
           GET /users/u1 dt_admin",
    ),
    (
        "SRV_003",
        500,
        "Database error",
        r#"DIE-HALF-WAY
           POST /login - {"email":"root@directory.test","password":"guessed"}"#,
    ),
];
