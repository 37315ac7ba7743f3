#!/bin/bash
# Creates a role and a database for each app, so that the client cannot read the rows of the resource server. FusionAuth
# creates its own. The image runs this once, on an empty volume; the passwords come from deploy/secrets/database.env.
set -euo pipefail
for app in todo reminder; do
  password="${app^^}_DATABASE_PASSWORD"
  psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --set=app="$app" --set=password="${!password}" <<'SQL'
create role :"app" login password :'password';
create database :"app" owner :"app";
revoke connect on database :"app" from public;
SQL
done
