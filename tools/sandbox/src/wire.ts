import type * as fusionauth from '@fusionauth/typescript-client';

/**
 * A type of the official client as it is sent: its enums are strings, and any field may be missing (FusionAuth omits
 * null fields).
 */
type Wire<T> = 0 extends 1 & T
  ? unknown
  : T extends string
    ? `${T}`
    : T extends readonly (infer Item)[]
      ? Wire<Item>[]
      : T extends object
        ? { [Name in keyof T]?: Wire<T[Name]> | undefined }
        : T;

export type AccessTokenBody = Wire<fusionauth.AccessToken>;
export type DeviceApprovalBody = Wire<fusionauth.DeviceApprovalResponse>;
export type DeviceBody = Wire<fusionauth.DeviceResponse>;
export type DeviceUserCodeBody = Wire<fusionauth.DeviceUserCodeResponse>;
export type ApiKey = Wire<fusionauth.APIKey>;
export type ApiKeyBody = Wire<fusionauth.APIKeyResponse>;
export type Application = Wire<fusionauth.Application>;
export type ApplicationBody = Wire<fusionauth.ApplicationResponse>;
export type CorsConfiguration = Wire<fusionauth.CORSConfiguration>;
export type Entity = Wire<fusionauth.Entity>;
export type EntityGrant = Wire<fusionauth.EntityGrant>;
export type EntityGrantBody = Wire<fusionauth.EntityGrantResponse>;
export type EntityType = Wire<fusionauth.EntityType>;
export type ErrorsBody = Wire<fusionauth.Errors>;
export type Family = Wire<fusionauth.Family>;
export type FamilyBody = Wire<fusionauth.FamilyResponse>;
export type Group = Wire<fusionauth.Group>;
export type GroupMember = Wire<fusionauth.GroupMember>;
export type GroupMemberBody = Wire<fusionauth.MemberResponse>;
export type GroupBody = Wire<fusionauth.GroupResponse>;
export type IntrospectBody = Wire<fusionauth.IntrospectResponse>;
export type JwksBody = { keys: JsonWebKey[] };
export type JsonWebKey = Record<string, unknown> & { kid: string };
export type JwtBody = Wire<fusionauth.ValidateResponse>;
export type JwtConfiguration = Wire<fusionauth.JWTConfiguration>;
export type Key = Wire<fusionauth.Key>;
export type KeyAlgorithm = `${fusionauth.KeyAlgorithm}`;
export type KeyBody = Wire<fusionauth.KeyResponse>;
export type Lambda = Wire<fusionauth.Lambda>;
export type LoginBody = Wire<fusionauth.LoginResponse>;
export type OAuthConfiguration = Wire<fusionauth.OAuth2Configuration>;
export type OAuthConfigurationBody = Wire<fusionauth.OAuthConfigurationResponse>;
export type OAuthErrorBody = Wire<fusionauth.OAuthError>;
export type OAuthErrorReason = `${fusionauth.OAuthErrorReason}`;
export type OAuthErrorType = `${fusionauth.OAuthErrorType}`;
export type OpenIdConfiguration = Wire<fusionauth.OpenIdConfiguration>;
export type PublicKeyBody = Wire<fusionauth.PublicKeyResponse>;
export type RefreshToken = Wire<fusionauth.RefreshToken>;
export type RefreshTokenBody = Wire<fusionauth.RefreshTokenResponse>;
export type RefreshedJwtBody = Wire<fusionauth.JWTRefreshResponse>;
export type Registration = Wire<fusionauth.UserRegistration>;
export type RegistrationBody = Wire<fusionauth.RegistrationResponse>;
export type TransactionType = `${fusionauth.TransactionType}`;
export type Tenant = Wire<fusionauth.Tenant>;
export type TenantBody = Wire<fusionauth.TenantResponse>;
export type User = Wire<fusionauth.User>;
export type UserBody = Wire<fusionauth.UserResponse>;
export type UserAction = Wire<fusionauth.UserAction>;
export type UserActionBody = Wire<fusionauth.UserActionResponse>;
export type UserActionLog = Wire<fusionauth.UserActionLog>;
export type UserActionLogBody = Wire<fusionauth.ActionResponse>;
export type Event = Wire<fusionauth.BaseEvent>;
export type EventInfo = Wire<fusionauth.EventInfo>;
export type JwtPublicKeyUpdateEvent = Wire<fusionauth.JWTPublicKeyUpdateEvent>;
export type JwtRefreshTokenRevokeEvent = Wire<fusionauth.JWTRefreshTokenRevokeEvent>;
export type UserActionEvent = Wire<fusionauth.UserActionEvent>;
export type UserDeactivateEvent = Wire<fusionauth.UserDeactivateEvent>;
export type UserDeleteEvent = Wire<fusionauth.UserDeleteEvent>;
export type UserRegistrationDeleteEvent = Wire<fusionauth.UserRegistrationDeleteEvent>;
export type UserRegistrationUpdateEvent = Wire<fusionauth.UserRegistrationUpdateEvent>;
export type Webhook = Wire<fusionauth.Webhook>;
export type WebhookAttemptLogBody = Wire<fusionauth.WebhookAttemptLogResponse>;
export type WebhookCallResponse = Wire<fusionauth.WebhookCallResponse>;
export type WebhookEventLog = Wire<fusionauth.WebhookEventLog>;
export type WebhookEventLogBody = Wire<fusionauth.WebhookEventLogResponse>;
export type WebhookEventLogSearchBody = Wire<fusionauth.WebhookEventLogSearchResponse>;
export type LoginRecord = Wire<fusionauth.DisplayableRawLogin>;
export type LoginRecordSearchBody = Wire<fusionauth.LoginRecordSearchResponse>;
export type UserinfoBody = Wire<fusionauth.UserinfoResponse>;
